"""Every source the city has files of: what its department keeps, in which form and how reliably it sends it."""

from datetime import date

from shiheng.city.departments import market, others
from shiheng.city.departments.sheet import Sheet

_GB, _UTF, _SIG, _XLSX, _JSON = (
    ("csv", "gb18030"),
    ("csv", "utf-8"),
    ("csv", "utf-8-sig"),
    ("xlsx", ""),
    ("json", "utf-8"),
)
_XLSX, _JSON, _PARQUET = ("xlsx", ""), ("json", "utf-8"), ("parquet", "")

SHEETS = (
    # --- the bureau's own sections ---
    Sheet("changes", ("change",), "key pripid uni_social_crd_cd reg_no comp_nm chan_project chan_bef_text chan_aft_text"
          " chan_dt ent_dt reg_org opt_type", market.change, intime=0.95, late=0.05, forms=(_UTF,), headers="title"),
    Sheet("cancellations", ("cancellation",), "key pripid uni_social_crd_cd reg_no comp_nm reg_state can_type"
          " can_reason can_dt reg_org opt_type", market.cancellation, intime=0.95, late=0.05, forms=(_SIG, _XLSX),
          holds=lambda event: event.steps[0][1]["sort"] == "注销"),
    Sheet("members", ("position",), "key pripid uni_social_crd_cd reg_no comp_nm person_nm cert_no position"
          " subscrip_amt tel_num start_dt end_dt reg_org opt_type", market.member, intime=0.95, late=0.05,
          forms=(_UTF,)),
    Sheet("annual_reports", ("annual_report",), "annual_id annual_year reg_no uni_social_crd_cd comp_nm pripid"
          " comp_type opt_stat annual_date asset_zmt debt_amt owner_equity_toatal opt_income_total"
          " pub_opt_income_total profit_total tax_total employee_num tel_num opt_loc city region opt_type",
          market.annual_report, every=12, month=7, intime=1.0, late=0.0, forms=(_PARQUET, _UTF), headers="name"),
    Sheet("abnormal_list", ("abnormal",), "inclu_dt busexclist inclu_reason uni_social_crd_cd reg_no redecorg_cn"
          " pripid remexcpres_cn remove_dt decorg_cn comp_nm opt_type", market.abnormal, intime=0.9, late=0.1,
          forms=(_GB, _UTF), days="short"),
    Sheet("serious_list", ("serious",), "ill_comp_id abn_tm serill_rea rem_dt recorg_ogr uni_social_crd_cd"
          " rem_excpres_rea comp_name reg_no decorg_org pripid dsc_city dsc_adm_region", market.serious, intime=0.3,
          late=0.1, forms=(_XLSX,), days="short", delivery="snapshot"),
    Sheet("inspections", ("inspection",), "check_res_id check_task_code pripid uni_social_crd_cd comp_nm check_type"
          " check_item check_dt check_res problem rectify_dt is_joint check_org check_person public_dt opt_type",
          market.inspection, intime=0.85, late=0.1, forms=(_UTF, _JSON), headers="title", flags=("1", "0")),
    Sheet("complaints", ("complaint",), "reg_num info_type comp_nm uni_social_crd_cd opt_loc domdi_strict"
          " tip_contct_prson tip_tel tip_cert_no tip_adds obj_type issue_type content amt source_chnl receive_dt"
          " accept_dt finish_dt state result refund_amt deal_org opt_type", market.complaint, intime=0.9, late=0.1,
          forms=(_GB, _UTF, _JSON), headers="title", shifted=14,
          drift=("source_chnl", "微信小程序", 12)),
    Sheet("penalties", ("penalty",), "punish_document_code punish_case_code case_process_type punish_action_name"
          " illegal_fact punish_type admin_cp_type admin_cp_name uni_social_crd_cd pripid legal_represent"
          " legal_represent_type legal_represent_idcard punish_content punish_basis fine confiscate_illegal_incom"
          " set_time public_date public_end_date publicstatus cutreason punish_org opt_type", market.penalty,
          intime=0.75, late=0.2, forms=(_UTF, _GB), headers="alias", days="midnight", deletions=True,
          null="暂无", nulls=("cutreason",)),
    Sheet("food_sampling", ("food_sample",), "sample_no task_src food_nm batch_no comp_nm uni_social_crd_cd place_type"
          " sample_dt report_dt report_no insp_org insp_res unqual_item deal_state public_dt opt_type",
          market.food_sample, intime=0.8, late=0.15, forms=(_XLSX,), days="slash",
          holds=lambda event: len(event.steps) > 1, told=1),
    Sheet("product_sampling", ("product_sample",), "sample_no task_src task_level prod_nm batch_no comp_nm"
          " uni_social_crd_cd reg_no place_type sample_dt report_dt report_no insp_org insp_res unqual_item deal_state"
          " opt_type", market.product_sample, every=3, intime=0.7, late=0.2, forms=(_XLSX, _GB),
          holds=lambda event: len(event.steps) > 1, told=1),
    Sheet("special_equipment", ("equipment",), "use_cert_no equ_code equ_kind made_no manu_nm comp_nm"
          " uni_social_crd_cd use_addr equ_state use_dt reg_dt insp_dt insp_res next_insp_dt insp_org safety_nm"
          " safety_tel reg_org", market.equipment, intime=0.2, late=0.1, forms=(_GB, _XLSX),
          delivery="snapshot", days="iso"),
    Sheet("trademarks", ("trademark",), "tmreg_no tm_nm int_cls comp_nm uni_social_crd_cd reg_addr apply_dt reg_dt"
          " period_from period_to state", market.trademark, every=3, intime=0.7, late=0.2, forms=(_UTF,),
          delivery="snapshot", days="bare"),
    Sheet("patents", ("patent",), "patent_no patent_nm patent_type comp_nm uni_social_crd_cd reg_addr apply_dt"
          " grant_dt period_to state opt_type", market.patent, every=3, intime=0.7, late=0.2, forms=(_JSON, _UTF),
          headers="name"),
    # --- other departments ---
    Sheet("hotline_12345", ("hotline",), "order_no accept_tm order_type title content comp_nm uni_social_crd_cd"
          " opt_loc domdi_strict caller_nm caller_tel deal_org limit_dt finish_dt accept_dt state result satisfied"
          " opt_type", others.hotline, weeks=5, lag=2, intime=0.85, late=0.1, forms=(_JSON, _SIG), headers="title"),
    Sheet("street_leads", ("lead",), "lead_no report_dt lead_type comp_nm uni_social_crd_cd opt_loc domdi_strict town"
          " content grid_nm grid_tel state result finish_dt opt_type", others.lead, weeks=5, lag=3, intime=0.6,
          late=0.2, forms=(_XLSX, _UTF), days="words"),
    Sheet("court_cases", ("court_case",), "party_id stc_id com_nm uni_social_crd_cd org_no legal_repre unit_adds"
          " execute_court case_no execute_basis execute_causes execute_amt not_execute_amt filing_dt expo_dt"
          " case_state close_dt", others.execution, intime=0.15, late=0.15, forms=(_GB,), headers="name",
          delivery="snapshot"),
    Sheet("judgment_debtors", ("judgment",), "dishonest_id executed_nm executed_nature identi_id uni_social_crd_cd"
          " org_no legal_repre executed_court case_no enforce_basis effect_doc_obli executed_perfor dishonest_behav"
          " performed_part fil_dt publish_dt exit_dt", others.debtor, intime=0.22, late=0.15,
          forms=(_JSON, _GB), headers="name", delivery="snapshot"),
    Sheet("social_security", ("social_security",), "uuid uni_social_crd_cd corp_id corp_nm rece_ym mon_insurd_prsons"
          " paid_amt rkrq corp_nature indv_class corp_local_street admin_region stat opt_type", others.insured,
          every=3, month=3, intime=0.75, late=0.2, forms=(_GB, _UTF), cut=3),
    Sheet("tax", ("tax_status",), "uni_social_crd_cd tax_payer_no comp_nm tax_reg_dt tax_payer_state tax_office_nm"
          " tax_dept_no tax_dept_nm", others.taxpayer, intime=0.12, late=0.08, forms=(_PARQUET, _GB),
          headers="title", days="short", delivery="snapshot"),
    Sheet("tax_abnormal", ("tax_abnormal",), "uuid uni_social_crd_cd comp_nm unnor_cogni_dt remove_dt legal_repre"
          " legal_repre_id opt_type", others.tax_abnormal, intime=0.55, late=0.2, forms=(_GB,), headers="name"),
    Sheet("tax_arrears", ("tax_arrears",), "uuid uni_social_crd_cd tax_no tax_nm opr_addr own_tax_type cumu_own_amt"
          " comp_indi_mark pub_dept count_dt", others.tax_arrears, every=3, intime=0.5, late=0.25, forms=(_XLSX, _GB),
          days="bare", delivery="snapshot"),
    Sheet("wage_arrears", ("wage_arrears",), "serialid issue_no comp_nm uni_social_crd_cd reg_no legal_repre cer_no"
          " opt_loc domdi_strict town arrear_num arrear_amt arrear_tms found_dt is_flee main_illg_fact state settle_dt"
          " public_dt opt_type", others.wages, every=3, intime=0.6, late=0.3, forms=(_XLSX,), days="slash",
          holds=lambda event: "issue" in event.on(date.max), told=1),
    Sheet("police_transfers", ("transfer",), "deport_doc deport_way case_name comp_nm uni_social_crd_cd legal_repre"
          " suspect_nm suspect_id charge deport_time deport_dept receive_dept is_filing filing_dt opt_type",
          others.transfer, intime=0.3, late=0.15, forms=(_XLSX,), headers="alias"),
    Sheet("customs", ("customs",), "customs_no comp_nm uni_social_crd_cd reg_addr legal_repre biz_type reg_dt state"
          " period_to cred_level evalu_dt customs_org", others.customs, every=3, intime=0.6, late=0.2, forms=(_UTF,),
          delivery="snapshot"),
    Sheet("bank_outlets", ("outlet",), "fina_lic_no org_nm org_cd uni_social_crd_cd opt_addr pub_dt stop_dt"
          " issue_lic_dt issue_lic_org", others.outlet, every=6, intime=0.7, late=0.3, forms=(_XLSX, _UTF),
          days="short", delivery="snapshot"),
    # --- platforms ---
    Sheet("online_shops", ("online_shop",), "web_id web_store_type web_store_nm web_store_url plat_nm web_product_type"
          " comp_nm uni_social_crd_cd pripid opt_loc domdi_strict tel_num is_reg is_over_limit open_dt close_dt state"
          " update_dt", others.shop, every=3, intime=0.6, late=0.3, forms=(_JSON, _UTF), headers="title",
          delivery="snapshot", extra={"数据汇总单位": "449900", "交换开关": "0"}),
)  # fmt: skip
