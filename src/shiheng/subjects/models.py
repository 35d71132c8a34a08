"""The regulated: one row a subject, and what hangs on it. Rows here are written by actions only."""

from typing import Any

from django.db import models
from django.db.models import Q

from shiheng.accounts.jurisdictions import ScopeField


class BytewiseField(models.CharField):
    """Text compared byte by byte on every database, so that a half-open range is a prefix."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class IndustryClass(models.Func):
    """The division (大类) of a subject's industry: the first two places of its code, from ``fields``.

    The paths are written out, not bound: a planner knows the index by the very same words.
    """

    output_field = models.CharField()
    arity = 1
    template = "SUBSTR(%(expressions)s #>> '{industry_code,value}', 1, 2)"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        held = "SUBSTR(JSON_EXTRACT(%(expressions)s, '$.industry_code.value'), 1, 2)"
        return self.as_sql(compiler, connection, template=held, **options)


class Subject(models.Model):
    """经营主体. ``id`` is minted once from ``mint_key``, the first key that named the subject, and never reused."""

    STATUSES = {
        "active": "存续",
        "suspended": "歇业",
        "revoked": "吊销未注销",
        "revoked_closed": "吊销已注销",
        "deregistered": "注销",
        "cancelled": "撤销登记",
        "moved_out": "迁出",
        "unknown": "未取得",
    }
    # 实有 counts whoever may trade or has paused; a licence revoked is no longer one of the stock.
    STANDING = ("active", "suspended")
    KINDS = {
        "enterprise": "企业",
        "individual": "个体工商户",
        "cooperative": "农民专业合作社",
        "branch": "分支机构",
        "other": "其他",
    }

    id = models.BigIntegerField("主体编号", primary_key=True)
    mint_key = models.CharField("立户键", max_length=200, unique=True)
    # Nearly every row has none: an index of "none" would tempt a planner away from the territory's.
    redirect_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    scope = ScopeField("管辖", blank=True, default="")
    live = models.BooleanField("有来源支持", default=True)
    name = models.CharField("名称", max_length=300)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, db_index=True)
    kind = models.CharField("主体类别", max_length=16, default="other")
    status = models.CharField("登记状态", max_length=16, default="unknown")
    established = models.DateField("成立日期", null=True)
    ended_on = models.DateField("终止日期", null=True)
    capital_fen = models.BigIntegerField("注册资本（分）", null=True)
    capital_currency = models.CharField("币种", max_length=3, blank=True)
    representative = models.CharField("法定代表人", max_length=200, blank=True)
    address = models.CharField("住所", max_length=500, blank=True)
    region = models.CharField("行政区划", max_length=12, blank=True)
    industry = models.CharField("行业", max_length=100, blank=True)
    fields = models.JSONField("字段与来源", default=dict)
    updated_on = models.DateField("最近更新")

    class Meta:
        verbose_name = "经营主体"
        indexes = [
            # One an order of the list, holding also what narrows it: a page is read in its order and nothing is sorted.
            models.Index(fields=["name", "id", "scope", "live", "redirect_to", "kind"], name="subject_by_name"),
            models.Index(fields=["established", "id", "scope", "live", "redirect_to"], name="subject_by_established"),
            models.Index(fields=["capital_fen", "id", "scope", "live", "redirect_to"], name="subject_by_capital"),
            models.Index(fields=["status", "name", "id", "scope", "live", "redirect_to"], name="subject_by_status"),
            models.Index(fields=["redirect_to"], condition=Q(redirect_to__isnull=False), name="subject_redirected"),
            # The like beside which a subject's behaviour is seen. The industry stands first: an index that began with
            # the kind would draw planners into sorting half the register for a list of one kind.
            models.Index(IndustryClass("fields"), "kind", "scope", "id", name="subject_by_likeness"),
            # The list of one industry, read in the order of names without a look at any other row of it.
            models.Index(
                IndustryClass("fields"), "name", "id", "scope", "live", "redirect_to", name="subject_by_industry"
            ),
        ]


class Identifier(models.Model):
    """标识: one code names one subject. Kinds: ``uscc``, ``regno`` (15 digits), ``orgcode``, ``pripid``."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="identifiers")
    kind = models.CharField("标识类别", max_length=16)
    value = BytewiseField("标识值", max_length=64)

    class Meta:
        verbose_name = "标识"
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="one_code_one_subject")]


class Held(models.Model):
    """What a subject held over time: from the first day a source said it to the last; ``current`` is what holds now."""

    first_day = models.DateField("起", null=True)
    last_day = models.DateField("止", null=True)
    current = models.BooleanField("现行", default=True)
    source = models.CharField("来源", max_length=64)

    class Meta:
        abstract = True


class Name(Held):
    """名称: registered now or formerly."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="names")
    text = models.CharField("名称", max_length=300)

    class Meta:
        verbose_name = "名称"
        constraints = [models.UniqueConstraint(fields=["subject", "text"], name="one_name_once")]


class Premises(Held):
    """场所: domicile or place of business, as text and as a comparable key."""

    KINDS = {"domicile": "住所", "business_place": "经营场所"}

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="premises")
    kind = models.CharField("场所类别", max_length=16)
    text = models.CharField("地址", max_length=500)
    key = BytewiseField("地址键", max_length=500, db_index=True)
    # Which house (district, road and number as compared) and which room in it; empty where the text names no number.
    door = models.CharField("门牌", max_length=200, blank=True, db_index=True)
    unit = models.CharField("房号", max_length=100, blank=True)

    class Meta:
        verbose_name = "场所"
        constraints = [models.UniqueConstraint(fields=["subject", "kind", "text"], name="one_premises_once")]


class Month(models.Func):
    """The month of a day, as ``2026-05``: read from the index that holds the day, without asking Python."""

    output_field = models.CharField()
    arity = 1
    template = "TO_CHAR(%(expressions)s, 'YYYY-MM')"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 1, 7)", **options)


class Stay(models.Model):
    """在辖: a subject in one territory from a day on, until another (not included); see ``stays``.

    ``came_from`` and ``left_to`` are the territories of a move; of who came from or went to another city neither is
    known. Kind and industry (``division``) are the subject's own, so that one index holds all that is counted by.
    """

    BEGAN = {"born": "新设", "across": "跨区迁入", "within": "跨所迁入"}
    ENDED = {
        "deregistered": "注销",
        "revoked": "吊销未注销",
        "revoked_closed": "吊销已注销",
        "cancelled": "撤销登记",
        "moved_out": "迁往外地",
        "across": "跨区迁出",
        "within": "跨所迁出",
    }
    TOLD = {"change": "变更登记", "file": "来文所报住所"}

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="stays", db_index=False)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    began = models.CharField("怎样开始", max_length=16)
    ended = models.CharField("怎样结束", max_length=16, blank=True)
    came_from = ScopeField("迁自", blank=True, default="", db_index=False)
    left_to = ScopeField("迁往", blank=True, default="", db_index=False)
    told = models.CharField("迁移的依据", max_length=8, blank=True)
    kind = models.CharField("主体类别", max_length=16)
    division = models.CharField("行业大类", max_length=2, blank=True)

    class Meta:
        verbose_name = "在辖"
        constraints = [models.UniqueConstraint(fields=["subject", "since"], name="one_stay_once")]
        indexes = [
            # The first holds all that is counted of a stock, in the order it is counted by, and of what begins; the
            # second all of what ends; the third is the order of lists.
            models.Index(
                fields=["scope", "since", "until", "began", "came_from", "kind", "division"], name="stay_in_territory"
            ),
            models.Index(
                fields=["until", "scope", "ended", "left_to", "kind", "division"],
                condition=Q(until__isnull=False),
                name="stay_over",
            ),
            models.Index(fields=["since", "id", "scope"], name="stay_by_day"),
        ]


class Person(models.Model):
    """自然人. Never joined by name alone: without an identity number a person is known within one subject only.

    ``key`` is ``id:<keyed hash of the identity number>`` or ``at:<subject>:<name>``.
    """

    key = models.CharField("人员键", max_length=200, unique=True)
    name = models.CharField("姓名", max_length=200, db_index=True)
    verified = models.BooleanField("身份已核实", default=False)

    class Meta:
        verbose_name = "自然人"


class Relation(Held):
    """关系: a person (or another subject) in a role at a subject."""

    ROLES = {
        "representative": "法定代表人（负责人）",
        "shareholder": "股东",
        "director": "董事",
        "supervisor": "监事",
        "manager": "经理",
        "finance": "财务负责人",
        "liaison": "联络员",
        "agent": "委托代理人",
        "branch_of": "隶属企业",
    }

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="relations")
    role = models.CharField("关系", max_length=24)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="relations")
    other = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="related_from")
    named = models.CharField("所报姓名", max_length=200, blank=True, default="")
    # The telephone left for this position, as a keyed digest: it can be compared and not be read.
    contact = models.CharField("联系电话摘要", max_length=64, blank=True, default="", db_index=True)

    class Meta:
        verbose_name = "关系"
        constraints = [
            models.UniqueConstraint(fields=["subject", "role", "person"], name="one_person_role_once"),
            models.UniqueConstraint(fields=["subject", "role", "other"], name="one_subject_role_once"),
        ]


class Trace(models.Model):
    """法人追寻: one tracing of one person, with who asked, for what and under which matter; open to them for a day."""

    PURPOSES = {
        "misuse": "冒名登记投诉",
        "case": "办理案件",
        "complaint": "处理投诉举报",
        "inspection": "开展监督检查",
        "licence": "登记许可审查",
        "request": "配合司法、纪检或审计机关",
    }

    person = models.ForeignKey(Person, models.CASCADE, related_name="traces", verbose_name="人员")
    purpose = models.CharField("目的", max_length=16, choices=list(PURPOSES.items()))
    matter = models.CharField("事项编号", max_length=64)
    reason = models.CharField("事由", max_length=300)
    scope = ScopeField("管辖", blank=True, default="")
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    asked_by = models.CharField("追寻人", max_length=100)
    asked_at = models.DateTimeField("追寻时间")
    subjects = models.IntegerField("主体数", default=0)
    unverified = models.IntegerField("同名未核实数", default=0)

    class Meta:
        verbose_name = "人员追寻"


class Opinion(models.Model):
    """人工判断: whether a suspicion by a shared sign is so: that ``other`` at ``subject`` belongs with ``person``.

    One in force for each; who takes it back leaves it standing with the day.
    """

    VERDICTS = {"so": "属实", "not": "不属实"}

    person = models.ForeignKey(Person, models.CASCADE, related_name="opinions")
    other = models.ForeignKey(Person, models.CASCADE, related_name="opinions_of")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_index=False)
    sign = models.CharField("依据", max_length=16)
    verdict = models.CharField("判断", max_length=8, choices=list(VERDICTS.items()))
    reason = models.CharField("理由", max_length=300)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    by = models.CharField("判断人", max_length=100)
    at = models.DateTimeField("判断时间")
    undone_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "疑似的判断"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "other", "subject", "sign"], condition=Q(undone_at=None), name="one_opinion_in_force"
            ),
        ]
        indexes = [models.Index(fields=["sign", "verdict"], condition=Q(undone_at=None), name="opinion_in_force")]


class Representation(models.Model):
    """代表关系: which login may act for which business, on what basis, from when to when."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="representations")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="representations")
    basis = models.CharField("依据", max_length=64)
    since = models.DateField("起")
    until = models.DateField("止", null=True)

    class Meta:
        verbose_name = "代表关系"
        constraints = [
            models.UniqueConstraint(fields=["account", "subject", "since"], name="one_representation_once"),
        ]


class Record(models.Model):
    """记录: anything many-per-subject in the subject file: permits, penalties, inspections, complaints.

    ``title``, ``until`` and ``scope`` are promoted for lists; ``current`` is false where another source reports the
    same record better, so that one permit is counted once. ``gone_on`` is the day its source took it back, or sent a
    full list without it. ``absent`` names facts without a value: ``none`` where the source found nothing, ``unknown``
    where it could not tell; they stand beside ``facts``, so that nobody takes either for a value.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="records")
    kind = models.CharField("记录类别", max_length=32)
    source = models.CharField("来源", max_length=64)
    key = models.CharField("来源键", max_length=200)
    day = models.DateField("日期", null=True)
    state = models.CharField("状态", max_length=32, blank=True)
    facts = models.JSONField("内容", default=dict)
    absent = models.JSONField("没有值的内容", default=dict)
    reference = models.CharField("出处", max_length=200, blank=True)
    title = models.CharField("名称", max_length=200, blank=True)
    until = models.DateField("有效期至", null=True)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    current = models.BooleanField("采用", default=True)
    gone_on = models.DateField("来源停报日", null=True)

    class Meta:
        verbose_name = "记录"
        constraints = [models.UniqueConstraint(fields=["subject", "kind", "source", "key"], name="one_record_once")]
        indexes = [
            models.Index(fields=["subject", "kind", "-day"], name="record_of_subject"),
            # Holds all that lists of a territory ask, in the order they show it; an index that began with the territory
            # would draw planners into sorting a whole city's permits for one page.
            models.Index(fields=["kind", "until", "id", "scope", "state", "current"], name="record_until"),
            models.Index(fields=["kind", "title"], name="record_by_title"),
        ]


class PermitGap(models.Model):
    """应有未见: a permit the subject's industry needs and no source reported; a suspicion, worked out with its file."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="permit_gaps")
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    rule = models.CharField("规则", max_length=64)
    title = models.CharField("应有的许可", max_length=200)
    industry = models.CharField("行业代码", max_length=8)

    class Meta:
        verbose_name = "应有未见的许可"
        constraints = [models.UniqueConstraint(fields=["subject", "rule"], name="one_gap_once")]
        indexes = [models.Index(fields=["scope", "rule", "id"], name="gap_in_territory")]


class SearchName(models.Model):
    """检索名称: one name of one living subject as search compares it; written by ``search.index`` only.

    The pieces it is found by stand beside it: see ``postings``. ``rank`` is smaller for a better name (see
    ``search.rank_of``), and no two names of one subject have the same.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="search_names", db_index=False)
    text = models.CharField("名称", max_length=300)
    folded = BytewiseField("折叠名称", max_length=300)
    trade = BytewiseField("字号", max_length=300)
    initials = models.CharField("拼音首字母", max_length=200)
    rank = models.IntegerField("次序")

    class Meta:
        verbose_name = "检索名称"
        indexes = [
            models.Index(fields=["folded", "rank", "id"], name="search_name_whole"),
            models.Index(fields=["trade", "rank", "id"], name="search_name_trade"),
            models.Index(fields=["subject", "rank", "folded"], name="search_name_of_post"),
        ]


class Mark(models.Model):
    """变动标记: moves whenever a record of the kind, or what is shown of its subject, changes; see ``marks``."""

    kind = models.CharField("类别", max_length=32, unique=True)
    value = models.BigIntegerField("次数", default=0)

    class Meta:
        verbose_name = "变动标记"


class Watch(models.Model):
    """被订阅的类别: a kind of fact whose changes somebody reads; of other kinds no line is written."""

    kind = models.CharField("类别", max_length=32, unique=True)

    class Meta:
        verbose_name = "被订阅的类别"


class Change(models.Model):
    """变动: a line of the log of what changed in subject files; see ``changes``. ``kind``: ``identity`` or a record's.

    ``scope`` is the territory the changed thing is in, or was in: who moves away is told of in both. ``added``: it was
    not there before.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("类别", max_length=32)
    key = models.CharField("来源键", max_length=265, blank=True)
    scope = ScopeField("管辖", blank=True, default="", db_index=False)
    day = models.DateField("日期")
    added = models.BooleanField("新增", default=False)

    class Meta:
        verbose_name = "变动"
