"""Every address of the platform, one list a room, from the lowest floor up.

Views of rooms that stand below ``accounts`` (ui, jobs, ledger) cannot know who is asking; their doors are hung here:
``path("jobs/", needs(May.READ_JOBS)(jobs_views.listing), name="jobs")``.
"""

from django.urls import URLPattern, URLResolver, path

from shiheng.accounts.doors import anyone, needs, signed_in
from shiheng.accounts.permissions import May
from shiheng.accounts.views import loads, mine, offices, people, signing
from shiheng.catalogue import views as catalogue_views
from shiheng.catalogue import violations_views
from shiheng.catalogue.boundaries import views as boundaries_views
from shiheng.catalogue.law import views as law_views
from shiheng.catalogue.lists import views as catalogue_lists
from shiheng.catalogue.powers import comparing_views
from shiheng.catalogue.powers import views as powers_views
from shiheng.fusion import (
    desk_views,
    disputes_views,
    judging_views,
    mending_views,
    merging_views,
    personal_views,
    returns_views,
    withdrawal_views,
)
from shiheng.fusion import views as fusion_views
from shiheng.jobs import views as jobs_views
from shiheng.ledger import views as ledger_views
from shiheng.procedures import (
    archive_views,
    check_views,
    correcting_views,
    draft_views,
    file_views,
    identity_views,
    many_views,
    paper_views,
    serving_views,
    volume_views,
)
from shiheng.procedures import figures_views as file_figures
from shiheng.procedures import law_views as procedure_law
from shiheng.procedures import views as procedures_views
from shiheng.procedures.approvals import views as approvals_views
from shiheng.procedures.books import views as books_views
from shiheng.procedures.duty import views as duty_views
from shiheng.procedures.evidence import carried_views, content_views, step_views, upload_views
from shiheng.procedures.evidence import views as evidence_views
from shiheng.procedures.exchange import intake_views, reply_views
from shiheng.procedures.exchange import views as exchange_rows
from shiheng.procedures.flowing import views as goods_views
from shiheng.procedures.measures import views as measures_views
from shiheng.procedures.money import views as money_views
from shiheng.procedures.moves import views as move_views
from shiheng.procedures.ownforms import views as form_views
from shiheng.procedures.takeover import views as takeover_views
from shiheng.procedures.triage import group_views, hotspot_views
from shiheng.procedures.triage import views as triage_views
from shiheng.publication import views as publication_views
from shiheng.publication.bureau import views as bureau
from shiheng.publication.exchange import comparing_views as tax_views
from shiheng.publication.exchange import outside_views, reporting_views
from shiheng.publication.exchange import views as exchange_views
from shiheng.publication.lists import views as lists_views
from shiheng.publication.notices import views as notices_views
from shiheng.publication.opendata import views as open_data
from shiheng.publication.opendata import watch_views
from shiheng.publication.portal import views as portal_views
from shiheng.publication.pushing import views as pushing_views
from shiheng.publication.reports import views as credit_reports
from shiheng.registers import entry_views, import_views
from shiheng.registers import personal_views as entry_personal
from shiheng.registers import public_views as open_registers
from shiheng.registers import views as registers_views
from shiheng.services import desk_views as services_desk
from shiheng.services import trader_views
from shiheng.services import views as services_views
from shiheng.services.credit import views as own_credit
from shiheng.site.api import api
from shiheng.subjects import (
    behaviour_views,
    following_views,
    growth_views,
    misuse_views,
    suspicion_views,
    tracing_views,
)
from shiheng.subjects import views as subjects_views
from shiheng.ui import views as ui_views

Addresses = list[URLPattern | URLResolver]

# ui: the look of pages, saved views, drafts, the gallery of components (doors are hung here)
ui: Addresses = [
    path("ui/", anyone(ui_views.gallery), name="ui-gallery"),
    path("ui/draft/", signed_in(ui_views.draft), name="ui-draft"),
    path("ui/draft/drop/", signed_in(ui_views.draft_drop), name="ui-draft-drop"),
    path("language/", anyone(ui_views.language), name="language"),
    path("ui/face/", anyone(ui_views.face), name="ui-face"),
    path("ui/table/", signed_in(ui_views.table), name="ui-table"),
    path("ui/views/", signed_in(ui_views.view_save), name="ui-view-save"),
    path("ui/views/<int:view_id>/delete/", signed_in(ui_views.view_delete), name="ui-view-delete"),
]

# jobs: the running list (doors are hung here)
jobs: Addresses = [
    path("jobs/", needs(May.READ_JOBS)(jobs_views.listing), name="jobs"),
    path("jobs/<int:job_id>/", needs(May.READ_JOBS)(jobs_views.detail), name="job"),
    path("jobs/<int:job_id>/retry/", needs(May.READ_JOBS)(jobs_views.retry), name="job-retry"),
]

# ledger: history, proofs, heads (doors are hung here)
ledger: Addresses = [
    path("ledger/", anyone(ledger_views.heads), name="ledger"),
    path("ledger/check/", anyone(ledger_views.check), name="ledger-check"),
    path("ledger/consistency.json", anyone(ledger_views.consistency), name="ledger-consistency"),
    path("ledger/heads.json", anyone(ledger_views.heads_json), name="ledger-heads-json"),
    path("ledger/heads/<int:size>.txt", anyone(ledger_views.head), name="ledger-head"),
    path("ledger/leaves/", needs(May.READ_LEDGER)(ledger_views.leaves), name="ledger-leaves"),
    path("ledger/leaves/<int:leaf_id>/", needs(May.READ_LEDGER)(ledger_views.leaf), name="ledger-leaf"),
    path("ledger/leaves/<int:leaf_id>/proof.json", needs(May.READ_LEDGER)(ledger_views.proof), name="ledger-proof"),
    path("ledger/overview/", needs(May.READ_LEDGER)(ledger_views.overview), name="ledger-overview"),
]

# accounts: sign-in, my posts, offices, people, outbox
accounts: Addresses = [
    path("sign-in/", signing.sign_in, name="account_login"),
    path("sign-in/code/", signing.second_factor, name="mfa_authenticate"),
    path("sign-out/", signing.sign_out, name="account_logout"),
    path("me/", mine.me, name="me"),
    path("me/check/", signing.reauthenticate, name="account_reauthenticate"),
    path("me/check/code/", signing.reauthenticate_code, name="mfa_reauthenticate"),
    path("me/password/", signing.change_password, name="account_change_password"),
    path("me/post/", mine.switch_post, name="switch-post"),
    path("me/recovery-codes/", signing.recovery_codes, name="mfa_view_recovery_codes"),
    path("me/recovery-codes/new/", signing.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/second-factor/", signing.factor_index, name="mfa_index"),
    path("me/second-factor/on/", signing.activate, name="mfa_activate_totp"),
    path("me/second-factor/off/", signing.deactivate, name="mfa_deactivate_totp"),
    path("me/sessions/end/", mine.end_sessions, name="end-sessions"),
    path("inbox/", mine.inbox, name="inbox"),
    path("inbox/<int:message_id>/", mine.message, name="message"),
    path("offices/", offices.listing, name="offices"),
    path("offices/<int:office_id>/", offices.detail, name="office"),
    path("offices/<int:office_id>/edit/", offices.edit, name="office-edit"),
    path("offices/export/", loads.export_offices, name="offices-export"),
    path("offices/import/", loads.upload_offices, name="offices-import"),
    path("offices/import/apply/", loads.apply_offices, name="offices-apply"),
    path("offices/import/template/", loads.template_offices, name="offices-template"),
    path("people/", people.listing, name="people"),
    path("people/<int:account_id>/", people.detail, name="person"),
    path("people/<int:account_id>/disable/", people.disable, name="person-disable"),
    path("people/<int:account_id>/enable/", people.enable, name="person-enable"),
    path("people/<int:account_id>/password/", people.reset_password, name="person-reset"),
    path("people/<int:account_id>/post/", people.give_post, name="person-post"),
    path("people/<int:account_id>/second-factor/", people.remove_factor, name="person-factor"),
    path("people/export/", loads.export_people, name="people-export"),
    path("people/import/", loads.upload_people, name="people-import"),
    path("people/import/apply/", loads.apply_people, name="people-apply"),
    path("people/import/template/", loads.template_people, name="people-template"),
    path("people/new/", people.new, name="person-new"),
    path("posts/<int:post_id>/end/", people.end_post, name="post-end"),
    path("stations/", offices.stations_by_town, name="stations"),
    path("stations/posts/", offices.stations_by_post, name="station-posts"),
    path("stations/staff/", offices.station_staff, name="station-staff"),
]

# catalogue: calendars, code tables, powers, lists and discretion in force
catalogue: Addresses = [
    path("calendar/", catalogue_views.year, name="calendar"),
    path("calendar/load/", catalogue_views.load, name="calendar-load"),
    path("calendar/sample/", catalogue_views.sample, name="calendar-sample"),
    path("codes/", catalogue_views.code_tables, name="code-tables"),
    path("codes/<slug:code>/", catalogue_views.code_table, name="code-table"),
    path("law/", law_views.library, name="law"),
    path("law/search/", law_views.search, name="law-search"),
    path("law/citations/", law_views.citations, name="law-citations"),
    path("law/i/<slug:code>/", law_views.instrument, name="law-instrument"),
    path("law/i/<slug:code>/compare/", law_views.compare, name="law-compare"),
    path("law/i/<slug:code>/<str:token>/", law_views.article, name="law-article"),
    path("power-list/", powers_views.public_listing, name="public-powers"),
    path("power-list/<str:code>/", powers_views.public_one, name="public-power"),
    path("powers/", powers_views.listing, name="powers"),
    path("powers/changes/", powers_views.changes, name="power-changes"),
    path("powers/changes/<int:number>/", powers_views.change_one, name="power-change"),
    path("powers/changes/<int:number>/<slug:step>/", powers_views.change_step, name="power-change-step"),
    path("powers/compare/", comparing_views.listing, name="powers-compare"),
    path("powers/compare/<str:key>/", comparing_views.one, name="powers-compare-one"),
    path("powers/new/", powers_views.add, name="power-new"),
    path("powers/upper/", comparing_views.uppers, name="upper-catalogues"),
    path("powers/upper/<int:number>/", comparing_views.upper_one, name="upper-catalogue"),
    path("powers/<str:code>/", powers_views.one, name="power"),
    path("powers/<str:code>/<slug:what>/", powers_views.change, name="power-draft"),
    path("checklists/", catalogue_lists.checklists, name="checklists"),
    path("checklists/<str:code>/", catalogue_lists.checklist, name="checklist"),
    path("law-education/", catalogue_lists.education, name="law-education"),
    path("law-education/<str:code>/", catalogue_lists.duty, name="law-duty"),
    path("legal-reviews/", catalogue_lists.legal_reviews, name="legal-reviews"),
    path("leniency/", catalogue_lists.leniency, name="leniency"),
    path("market-access/", catalogue_lists.market_access, name="market-access"),
    path("spot-checks/", catalogue_lists.spot_checks, name="spot-checks"),
    path("spot-checks/rules/", catalogue_lists.rules, name="spot-check-rules"),
    path("violations/", violations_views.listing, name="violations"),
    path("violations/boundaries/", boundaries_views.listing, name="boundaries"),
    path("violations/boundaries/<int:number>/", boundaries_views.one, name="boundary"),
    path("violations/boundaries/<int:number>/<slug:step>/", boundaries_views.step, name="boundary-step"),
    path("violations/<str:code>/", violations_views.one, name="violation"),
    path("violations/<str:code>/boundary/", boundaries_views.draft, name="boundary-draft"),
]

# subjects: search, one page a business
subjects: Addresses = [
    path("subjects/", subjects_views.listing, name="subjects"),
    path("subjects/structure/", subjects_views.structure, name="subject-structure"),
    path("subjects/growth/", growth_views.page, name="subject-growth"),
    path("subjects/growth/rows/", growth_views.rows, name="subject-growth-rows"),
    path("subjects/<int:subject_id>/", subjects_views.subject, name="subject"),
    path("subjects/<int:subject_id>/behaviour/", behaviour_views.behaviour_of, name="subject-behaviour"),
    path("trace/address/", tracing_views.address, name="trace-address"),
    path("trace/person/", following_views.ask, name="trace-person"),
    path("trace/person/log/", following_views.log, name="trace-log"),
    path("trace/person/<int:number>/", following_views.found, name="trace-person-found"),
    path("trace/person/<int:number>/misuse/", misuse_views.claim, name="misuse-new"),
    path("trace/person/<int:number>/suspicion/<int:relation>/", suspicion_views.judge, name="suspicion"),
    path("misuse/", misuse_views.listing, name="misuse"),
    path("misuse/<int:number>/", misuse_views.detail, name="misuse-claim"),
    path("misuse/<int:number>/evidence/", misuse_views.evidence, name="misuse-evidence"),
    path("find/", subjects_views.find, name="desk-search"),
    path("permits/", subjects_views.permits, name="permits"),
    path("permits/missing/", subjects_views.missing_permits, name="permits-missing"),
    path("enterprise/", subjects_views.enterprise, name="enterprise-home"),
    path("enterprise/<int:subject_id>/", subjects_views.enterprise_subject, name="enterprise-subject"),
]

# procedures: the desk, files, their steps
procedures: Addresses = [
    path("files/<int:number>/many/<str:step>/", many_views.many, name="file-many"),
    path("measures/", measures_views.catalogue, name="measures"),
    path("measures/applied/", measures_views.applied, name="measures-applied"),
    path("measures/applied/<int:number>/", measures_views.tell, name="measure-tell"),
    path("files/", procedures_views.desk, name="files"),
    path("files/groups/", group_views.listing, name="file-groups"),
    path("files/groups/form/", group_views.form, name="file-group-form"),
    path("files/groups/<int:number>/", group_views.group, name="file-group"),
    path("files/groups/<int:number>/join/<int:file>/", group_views.join, name="file-group-join"),
    path("files/groups/<int:number>/leave/<int:file>/", group_views.leave, name="file-group-leave"),
    path("files/groups/<int:number>/take/<slug:step>/", group_views.take, name="file-group-take"),
    path("files/hotspots/", hotspot_views.overview, name="file-hotspots"),
    path("files/hotspots/alert/", hotspot_views.alert, name="file-hotspot-alert"),
    path("files/hotspots/rows/", hotspot_views.rows, name="file-hotspot-rows"),
    path("files/<int:number>/triage/", triage_views.file, name="file-triage"),
    path("files/<int:number>/triage/same/<int:other>/", triage_views.same, name="file-triage-same"),
    path("files/<int:number>/triage/signals/<slug:code>/", triage_views.signal, name="file-signal"),
    path("files/new/<str:code>/triage/", triage_views.opening, name="file-new-triage"),
    path("files/figures/", file_figures.every, name="file-figures"),
    path("files/books/", books_views.first, name="case-book"),
    path("files/books/<str:code>/", books_views.book, name="book"),
    path("files/figures/<str:code>/", file_figures.one, name="file-figures-one"),
    path("files/moves/", move_views.every, name="file-moves"),
    path("files/moves/<int:number>/", move_views.one, name="file-move"),
    path("files/moves/<int:number>/again/", move_views.again, name="file-move-again"),
    path("files/moves/rule/<str:code>/", move_views.choose, name="file-rule"),
    path("files/officers/", duty_views.every, name="file-officers"),
    path("files/officers/<int:account>/", duty_views.officer, name="file-officer"),
    path("files/officers/<int:account>/leave/", duty_views.leave, name="file-leave"),
    path("files/leaves/<int:number>/back/", duty_views.back, name="file-leave-back"),
    path("files/takeover/", takeover_views.every, name="takeover"),
    path("files/takeover/batches/<int:number>/", takeover_views.batch, name="takeover-batch"),
    path("files/takeover/batches/<int:number>/<str:what>/", takeover_views.decide, name="takeover-decide"),
    path("files/takeover/<str:code>/", takeover_views.bring, name="takeover-bring"),
    path("files/takeover/<str:code>/template/", takeover_views.template, name="takeover-template"),
    path("files/archive/", archive_views.search, name="file-archive"),
    path("files/new/", procedures_views.choose, name="file-choose"),
    path("files/new/<str:code>/", procedures_views.new, name="file-new"),
    path("files/<int:number>/", file_views.file, name="file"),
    path("files/<int:number>/assign/", file_views.assign, name="file-assign"),
    path("files/<int:number>/papers/", paper_views.make, name="file-paper-make"),
    path("files/<int:number>/papers/new/<str:code>/", paper_views.new, name="file-paper-new"),
    path("files/<int:number>/papers/<int:paper>/", paper_views.paper, name="file-paper"),
    path(
        "files/<int:number>/papers/<int:paper>/envelope/<int:party>/",
        serving_views.envelope,
        name="file-paper-envelope",
    ),
    path("files/<int:number>/papers/<int:paper>/send/<int:party>/", serving_views.send, name="file-paper-send"),
    path("files/<int:number>/papers/<int:paper>/serve/<slug:way>/", serving_views.serve, name="file-paper-serve"),
    path("files/<int:number>/papers/<int:paper>/withdraw/", paper_views.withdraw, name="file-paper-withdraw"),
    path("files/<int:number>/papers/<int:paper>/<slug:kind>/", paper_views.download, name="file-paper-download"),
    path("files/<int:number>/evidence/", evidence_views.listing, name="file-evidence"),
    path("files/<int:number>/evidence/new/", evidence_views.receive, name="file-evidence-new"),
    path("files/<int:number>/evidence/about/", step_views.allege, name="file-evidence-about"),
    path("files/<int:number>/evidence/export/", step_views.export, name="file-evidence-export"),
    path("files/<int:number>/evidence/uploads/", upload_views.begin, name="file-evidence-upload"),
    path("files/<int:number>/evidence/uploads/<uuid:upload>/", upload_views.piece, name="file-evidence-piece"),
    path("files/<int:number>/evidence/uploads/<uuid:upload>/whole/", upload_views.whole, name="file-evidence-whole"),
    path("files/<int:number>/evidence/carry/", carried_views.choose, name="file-carry"),
    path("files/<int:number>/evidence/carried/<int:carried>/", carried_views.item, name="file-carried"),
    path(
        "files/<int:number>/evidence/carried/<int:carried>/picture/",
        carried_views.picture,
        name="file-carried-picture",
    ),
    path("files/<int:number>/evidence/carried/<int:carried>/media/", carried_views.media, name="file-carried-media"),
    path("files/<int:number>/evidence/<int:item>/", evidence_views.item, name="file-evidence-item"),
    path("files/<int:number>/evidence/<int:item>/picture/", content_views.picture, name="file-evidence-picture"),
    path("files/<int:number>/evidence/<int:item>/media/", content_views.media, name="file-evidence-media"),
    path("files/<int:number>/evidence/<int:item>/original/", content_views.original, name="file-evidence-original"),
    path("files/<int:number>/evidence/<int:item>/copies/<int:copy>/", content_views.copy, name="file-evidence-copy"),
    path("files/<int:number>/evidence/<int:item>/proof/", evidence_views.proof, name="file-evidence-proof"),
    path("files/<int:number>/evidence/<int:item>/custody/", step_views.custody, name="file-evidence-custody"),
    path("files/<int:number>/evidence/<int:item>/proves/", step_views.assess, name="file-evidence-proves"),
    path("files/<int:number>/evidence/<int:item>/redact/", step_views.redact, name="file-evidence-redact"),
    path("files/<int:number>/evidence/<int:item>/withdraw/", step_views.withdraw, name="file-evidence-withdraw"),
    path("files/<int:number>/drafts/<slug:step>/", draft_views.drafts, name="file-drafts"),
    path("files/<int:number>/record/", evidence_views.record, name="file-record"),
    path("files/<int:number>/parties/<int:party>/address/", serving_views.address, name="file-address"),
    path("files/<int:number>/parties/<int:party>/identity/", identity_views.view, name="file-identity"),
    path("files/<int:number>/take/<slug:step>/", file_views.take, name="file-take"),
    path("files/<int:number>/volume/", volume_views.contents, name="file-volume"),
    path("files/<int:number>/volume/<slug:part>/", volume_views.bound, name="file-volume-bound"),
    path("files/<int:number>/void/<int:passage>/", correcting_views.void, name="file-void"),
    path("files/<int:number>/correct/<int:passage>/", correcting_views.correct, name="file-correct"),
    path("forms/", form_views.listing, name="forms"),
    path("forms/own/<int:number>/", form_views.version, name="own-form"),
    path("forms/own/<int:number>/file/", form_views.download, name="own-form-file"),
    path("forms/own/<int:number>/<slug:step>/", form_views.step, name="own-form-step"),
    path("forms/<str:code>/", form_views.one, name="form"),
    path("forms/<str:code>/new/", form_views.draft, name="form-draft"),
    path("forms/<str:code>/starter/", form_views.begin, name="form-starter"),
    path("papers/", check_views.begin, name="paper-checks"),
    path("papers/<slug:code>/", check_views.one, name="paper-check"),
    path("goods/", goods_views.listing, name="goods"),
    path("goods/stocktakes/new/", goods_views.count, name="stocktake-new"),
    path("goods/stocktakes/<int:number>/", goods_views.stocktake, name="stocktake"),
    path("files/money/", money_views.listing, name="money"),
    path("files/money/<int:number>/", money_views.file, name="money-file"),
    path("files/approvals/", approvals_views.mine, name="approvals"),
    path("files/approvals/phoned/<int:opinion>/", approvals_views.confirm, name="approval-confirm"),
    path("files/<int:number>/approvals/<int:approval>/", approvals_views.one, name="file-approval"),
    path("files/<int:number>/approvals/<int:approval>/phone/", approvals_views.phone, name="file-approval-phone"),
    path(
        "files/<int:number>/approvals/<int:approval>/withdraw/", approvals_views.withdraw, name="file-approval-withdraw"
    ),
    path("files/chains/<str:code>/", approvals_views.chains, name="chains"),
    path("files/<int:number>/pass-on/", intake_views.move, name="file-pass-on"),
    path("files/<int:number>/parties/<int:party>/subject/", intake_views.subject, name="file-subject"),
    path("intake/", exchange_rows.queue, name="intake"),
    path("intake/phone/", intake_views.phone, name="order-phone"),
    path("intake/files/", exchange_rows.files, name="order-files"),
    path("intake/files/<int:number>/", exchange_rows.file, name="order-file"),
    path("intake/files/<int:number>/content/", exchange_rows.content, name="order-file-content"),
    path("intake/waiting/", exchange_rows.waiting, name="order-waiting"),
    path("intake/orders/<int:number>/", exchange_rows.order, name="order"),
    path("intake/replies/<slug:code>/", reply_views.replies, name="order-replies"),
    path("intake/differences/", reply_views.differences, name="differences"),
    path("intake/differences/<int:number>/", reply_views.difference, name="difference"),
    path("procedures/", procedure_law.overview, name="procedures"),
    path("procedures/<str:code>/", procedure_law.one, name="procedure"),
]

# registers: lists, licences, ledgers; their entries, imports and reminders; what of them is public
registers: Addresses = [
    path("registers/", registers_views.overview, name="registers"),
    path("registers/acts/", registers_views.acts, name="register-acts"),
    path("registers/acts/<int:number>/", import_views.act, name="register-act"),
    path("registers/acts/<int:number>/confirm/", import_views.confirm, name="register-act-confirm"),
    path("registers/acts/<int:number>/drop/", import_views.drop, name="register-act-drop"),
    path("registers/acts/<int:number>/undo/", import_views.undo, name="register-act-undo"),
    path("registers/due/", registers_views.due, name="registers-due"),
    path("registers/<str:code>/", registers_views.listing, name="register"),
    path("registers/<str:code>/figures/", registers_views.numbers, name="register-figures"),
    path("registers/<str:code>/form/", registers_views.form, name="register-form"),
    path("registers/<str:code>/import/", import_views.bring, name="register-import"),
    path("registers/<str:code>/new/", entry_views.new, name="register-new"),
    path("registers/<str:code>/<int:number>/", entry_views.entry, name="register-entry"),
    path("registers/<str:code>/<int:number>/change/", entry_views.change, name="register-change"),
    path("registers/<str:code>/<int:number>/move/<slug:step>/", entry_views.move, name="register-move"),
    path("registers/<str:code>/<int:number>/personal/", entry_personal.view, name="register-personal"),
    path("registers/<str:code>/<int:number>/renew/", entry_views.renew, name="register-renew"),
    path("registers/<str:code>/<int:number>/undo/<int:act>/", entry_views.undo, name="register-undo"),
    path("subjects/<int:subject_id>/registers/", entry_views.of_subject, name="subject-registers"),
    path("enterprise/<int:subject_id>/apply/<str:code>/", entry_views.apply_for, name="register-apply"),
    path("open/registers/", open_registers.overview, name="open-registers"),
    path("open/registers/<str:code>/", open_registers.listing, name="open-register"),
]

# fusion: sources, batches, quarantine
fusion: Addresses = [
    path("sources/", desk_views.desk, name="sources"),
    path("sources/remind/", desk_views.remind, name="source-remind"),
    path("sources/send/", fusion_views.send, name="source-send"),
    path("sources/uploads/", fusion_views.upload_begin, name="upload-begin"),
    path("sources/uploads/<uuid:upload>/", fusion_views.upload_piece, name="upload-piece"),
    path("sources/<slug:code>/", desk_views.source, name="source"),
    path("batches/", fusion_views.batches, name="batches"),
    path("batches/<int:number>/", fusion_views.batch, name="batch"),
    path("batches/<int:number>/withdraw/", withdrawal_views.withdraw, name="batch-withdraw"),
    path("batches/<int:number>/file/", fusion_views.original, name="batch-original"),
    path("batches/<int:number>/return/", returns_views.send_back, name="batch-return"),
    path("batches/<int:number>/return/form/", returns_views.form_file, name="batch-return-form"),
    path("batches/<int:number>/rows/<int:row>/", fusion_views.row, name="batch-row"),
    path("disputes/", disputes_views.listing, name="disputes"),
    path("disputes/<int:number>/", disputes_views.dispute, name="dispute"),
    path("disputes/<int:number>/evidence/", disputes_views.evidence, name="dispute-evidence"),
    path("disputes/new/<int:subject_id>/", disputes_views.report, name="dispute-new"),
    path("personal/", personal_views.view, name="personal-view"),
    path("personal/views/", personal_views.views, name="personal-views"),
    path("subjects/<int:subject_id>/rulings/", merging_views.of_subject, name="subject-rulings"),
    path("rulings/", merging_views.listing, name="rulings"),
    path("rulings/<int:number>/", merging_views.detail, name="ruling"),
    path("nameless/", judging_views.listing, name="nameless"),
    path("nameless/<int:number>/", judging_views.detail, name="judge"),
    path("quarantine/", mending_views.quarantine, name="quarantine"),
    path("quarantine/bulk/", mending_views.bulk, name="quarantine-bulk"),
    path("quarantine/<int:number>/", mending_views.quarantined, name="quarantined"),
    path("quarantine/<int:number>/accept/", mending_views.accept, name="quarantined-accept"),
    path("quarantine/<int:number>/mend/", mending_views.mend, name="quarantined-mend"),
    path("quarantine/<int:number>/reject/", mending_views.reject, name="quarantined-reject"),
    path("quarantine/<int:number>/reopen/", mending_views.reopen, name="quarantined-reopen"),
    path("returns/", returns_views.listing, name="returns"),
    path("returns/<int:number>/", returns_views.detail, name="return"),
    path("returns/<int:number>/file/", returns_views.file, name="return-file"),
    path("returns/<int:number>/receive/", returns_views.receive, name="return-receive"),
]

# services: the public's counter
services: Addresses = [
    path("counter/", services_views.counter, name="counter"),
    path("counter/new/<str:code>/", services_views.new, name="counter-new"),
    path("counter/done/", services_views.done, name="counter-done"),
    path("counter/follow/", services_views.follow, name="counter-follow"),
    path("counter/file/", services_views.file, name="counter-file"),
    path("counter/file/leave/", services_views.leave, name="counter-leave"),
    path("counter/file/papers/<int:paper>/", services_views.paper, name="counter-paper"),
    path("counter/file/<slug:kind>/", services_views.act, name="counter-act"),
    path("enterprise/complaints/<int:number>/", trader_views.complaint, name="own-complaint"),
    path("enterprise/credit/", own_credit.home, name="own-credit"),
    path("enterprise/credit/<int:number>/", own_credit.line, name="own-credit-line"),
    path("enterprise/credit/<int:number>/<slug:way>/", own_credit.apply, name="own-credit-apply"),
    path("enterprise/credit/files/<int:number>/", own_credit.file, name="own-credit-file"),
    path("enterprise/credit/files/<int:number>/<slug:code>/", own_credit.step, name="own-credit-step"),
    path("files/<int:number>/code/", services_desk.issue, name="counter-issue"),
    path("files/<int:number>/read/", services_desk.read, name="counter-read"),
]
# publication: the public's credit portal, exchange between departments
publication: Addresses = [
    path("", publication_views.home, name="home"),
    path("search", publication_views.results, name="portal-search"),
    path("s/<str:key>/", publication_views.subject, name="portal-subject"),
    path("s/<str:key>/mistake/", publication_views.mistake, name="portal-mistake"),
    path("s/<str:key>/report/", credit_reports.make, name="credit-report-make"),
    path("credit-reports/", credit_reports.history, name="credit-reports"),
    path("credit-reports/<slug:number>/", credit_reports.one, name="credit-report"),
    path("credit-reports/<slug:number>.json", credit_reports.data, name="credit-report-json"),
    path("credit-reports/<slug:number>.pdf", credit_reports.pdf, name="credit-report-pdf"),
    path("statistics/", portal_views.figures, name="portal-statistics"),
    path("bureau/", bureau.overview, name="bureau"),
    path("bureau/<int:number>/", bureau.one, name="bureau-page"),
    path("bureau/<int:number>/article.txt", bureau.article, name="bureau-article"),
    path("bureau/desk/", bureau.listing, name="bureau-desk"),
    path("bureau/desk/new/", bureau.write, name="bureau-new"),
    path("bureau/desk/<int:number>/", bureau.kept, name="bureau-kept"),
    path("bureau/desk/<int:number>/write/", bureau.write, name="bureau-write"),
    path("bureau/desk/<int:number>/<slug:what>/", bureau.act, name="bureau-act"),
    path("open-data/", open_data.catalogue, name="open-data"),
    path("open-data/<slug:code>/", open_data.dataset, name="open-dataset"),
    path("open-data/<slug:code>/<int:number>.<slug:form>", open_data.file, name="open-file"),
    path("open-data/<slug:code>/since/<int:since>.json", open_data.changes, name="open-changes"),
    path("s/<str:key>/watch/", watch_views.ask, name="watch-ask"),
    path("watch/<str:token>/", watch_views.one, name="watch"),
    path("feeds/<slug:code>.atom", open_data.feed, name="feed"),
    path("verify/", credit_reports.check, name="verify"),
    path("verify/verify_report.py", credit_reports.program, name="verify-program"),
    path("verify/<slug:number>/", credit_reports.checked, name="verify-report"),
    path("usage/", publication_views.usage, name="usage"),
    path("lists/", lists_views.overview, name="lists"),
    path("lists/<slug:code>/", lists_views.public_list, name="public-list"),
    path("lists/<slug:code>/issue/", lists_views.issue, name="list-issue"),
    path("notices/", notices_views.listing, name="notices"),
    path("notices/<int:number>/", notices_views.notice, name="notice"),
    path("publicity/", notices_views.queue, name="publicity"),
    path("publicity/<int:number>/", notices_views.work, name="publicity-one"),
    path("publicity/receivers/", notices_views.receivers, name="receivers"),
    path("publicity/receivers/<slug:code>/", notices_views.receiver, name="receiver"),
    path("registration/check-person/", lists_views.check_person, name="check-person"),
    path("exchange/", exchange_views.overview, name="exchange"),
    path("exchange/ask/", exchange_views.ask, name="exchange-ask"),
    path("exchange/items/", exchange_views.items, name="exchange-items"),
    path("exchange/reports/", reporting_views.listing, name="reports"),
    path("exchange/reports/<int:number>/", reporting_views.report, name="report"),
    path("exchange/reports/<int:number>/answer/", reporting_views.answer, name="report-answer"),
    path("exchange/reports/<int:number>/file/", reporting_views.download, name="report-file"),
    path("exchange/reports/<int:number>/rest/", reporting_views.rest, name="report-rest"),
    path("exchange/tax/", tax_views.tax, name="tax-comparison"),
    path("exchange/s/<str:code>/", exchange_views.subscription, name="exchange-subscription"),
    path("exchange/s/<str:code>/approve/", exchange_views.approve, name="exchange-approve"),
    path("exchange/s/<str:code>/decline/", exchange_views.decline, name="exchange-decline"),
    path("exchange/s/<str:code>/stop/", exchange_views.stop, name="exchange-stop"),
    path("exchange/s/<str:code>/token/", exchange_views.token, name="exchange-token"),
    path("pushed/", pushing_views.listing, name="pushed"),
    path("pushed/<int:number>/", pushing_views.one, name="pushed-one"),
    path("pushed/counts/", pushing_views.counts, name="pushed-counts"),
    path("pushed/kinds/", pushing_views.choose, name="pushed-kinds"),
    path("pushed/read/", pushing_views.read_all, name="pushed-read"),
    path("outside/", outside_views.home, name="outside-home"),
    path("outside/batches/<int:number>/", outside_views.batch, name="outside-batch"),
    path("outside/batches/<int:number>/file/", outside_views.original, name="outside-original"),
    path("outside/send/", outside_views.send, name="outside-send"),
]

# site: the machine interface
site: Addresses = [path("api/v1/", api.urls)]

urlpatterns: Addresses = [
    *ui, *jobs, *ledger, *accounts, *catalogue, *subjects, *registers, *procedures, *fusion, *publication, *services,
    *site,
]  # fmt: skip

handler400 = "shiheng.ui.pages.bad_request"
handler403 = "shiheng.ui.pages.forbidden"
handler404 = "shiheng.ui.pages.not_found"
handler500 = "shiheng.ui.pages.server_error"
