"""The shares the city is made by, in one place: what a reader asks first of any generated data.

Rates are of subjects unless they say otherwise. They follow what is public about a mid-sized Chinese city (two in three
subjects are individual businesses, about a sixth of all registrations are new within eighteen months, one enterprise in
eight cannot be found at its address); where nothing is public they are guesses, and the truth file makes them known.
"""

from datetime import date

BLOCK = 100  # subjects are made in blocks; every planted group lies inside one, so a prefix of a city is a city
FIRST_DAY = date(2000, 1, 4)
THREE_IN_ONE = date(2015, 10, 1)  # 三证合一: older subjects also have a 15-digit number
SUSPENSION_FROM = date(2022, 3, 1)  # 市场主体登记管理条例 art 30: 歇业 exists from this day
HOSTING_FROM = date(2014, 3, 1)  # hosting addresses (集群注册) follow the capital registration reform
MONTHS_SHOWN = 18  # the first full file is this long before the last day

# Slots of one block of a hundred: individuals are what is left.
ENTERPRISES, COOPERATIVES, BRANCHES = 28, 2, 5

AGE_BEND = 1.45  # age in the city's time = random() ** bend: larger is younger
MEAN_YEARS = {"individual": 19.0, "enterprise": 26.0, "cooperative": 30.0, "branch": 20.0}
CHANGES_A_YEAR = {"individual": 0.035, "enterprise": 0.20, "cooperative": 0.06, "branch": 0.09}
REVOKED_OF_ENDED = {"individual": 0.04, "enterprise": 0.13, "cooperative": 0.05, "branch": 0.03}
CANCELLED_OF_FAKE = 0.35
SUSPENDED = 0.012
MOVED_OUT_OF_ENTERPRISES = 0.004
NEVER_OPERATED = {"individual": 0.02, "enterprise": 0.05, "cooperative": 0.10, "branch": 0.02}
VANISHED = {"individual": 0.10, "enterprise": 0.13, "cooperative": 0.18, "branch": 0.06}
HOSTED_OF_ENTERPRISES = 0.10
AUTHORITY_IS_CITY = 0.06  # enterprises registered by the city bureau: 449900 in their code
OLD_NUMBER_ONLY = 0.06  # pre-2015 subjects whose old 15-digit number stands in the code column of the first full file

# What misleads: planted by ``confusions``, ``population`` and ``lives.positions``.
CONTESTED_IN = "449901"  # the demonstration's data officer is there
CONTESTED_EVERY, DIVIDED_EVERY = 10, 50  # blocks: in one of so many, a number of another's is told; a subject is two
# Telephones. Most small firms have their books kept by an agency; how many leave its number with the register is
# nowhere published, and 15 in 100 is a guess. An agency serves one town, and what it serves is few enough (three firms
# on average) that the number is not yet taken for an agent's. One family in a hundred subjects has two shops, each its
# keeper's own, and one telephone. A number given up goes to somebody else: with one in twenty given up a year, two in
# five of ten years' numbers are another's, and one in fifty people of a city is in its register; so one subject in two
# hundred is left with a number that still stands with an earlier one.
BOOKKEPT, BOOKKEEPER_BLOCKS = 0.15, 20
FAMILIES_SAME_TOWN = 0.6
REASSIGNED, REASSIGNED_AFTER_YEARS = 0.005, 3

# Rows of every delivery.
FAULTY = 0.015  # must be set aside; each fault stands in the truth
UNTIDY = 0.04  # must be accepted after tidying: lower case, full width, blanks, other date spellings
ADDRESS_SPELT = 0.29  # of first-file addresses are written another way than the canonical one

# Permits, of the subjects whose industry needs one.
PERMIT_MISSING = 0.07  # at middling conduct; twice that at the worst, none at the best
PERMIT_EXPIRED, PERMIT_EXPIRED_OF_VANISHED = 0.05, 0.45
PERMIT_SOON = 0.05  # ends within sixty days of the last day
NOTICE_FROM = date(2021, 4, 29)  # who sells packed food only puts that on file instead of asking for a permit
NOTICE_OF_SHOPS = 0.45
PERMIT_TWICE = 0.10  # of food permits the published list reports too

GROUPS = {
    "sibling": "同一控制人、同一字号，地区或组织形式不同",
    "same_brand": "字号相同而互不相干",
    "branch": "总公司与其分支机构",
    "same_name": "同一地区名称相同的个体工商户，互不相干",
    "owner": "一人在幕后控制的多户：本人、异写姓名或他人代持",
    "fake": "冒用他人身份、同一周同一托管地址登记的一批企业",
    "hosted": "同一托管地址（集群注册）",
    "family": "一家人的两户，各自经营，留同一个电话",
}
# What is planted in rows, and the reason (column of the contract, kind of reason) a check should give.
FAULT_CODES = {
    "uscc.check": ("统一社会信用代码校验位不符", "uni_social_crd_cd.uscc"),
    "uscc.length": ("统一社会信用代码少一位", "uni_social_crd_cd.uscc"),
    "uscc.alphabet": ("统一社会信用代码含字符集以外的字母", "uni_social_crd_cd.uscc"),
    "identifier.missing": ("代码、注册号、主体身份代码全部为空", "row.unnamed"),
    "name.missing": ("名称为空", "comp_nm.missing"),
    "day.impossible": ("日期不存在，如 2019-02-30", "est_dt.day"),
    "day.future": ("成立日期晚于送达日", "est_dt.future"),
    "region.unknown": ("住所行政区划不是有效的区划代码", "domdi_strict.region"),
    "status.unknown": ("登记状态不在代码表内", "reg_state.unlisted"),
    "text.mojibake": ("名称是错码转换留下的乱码", "comp_nm.name"),
    "text.undecodable": ("行内有无法按声明字符集解码的字节", "row.bytes"),
    "row.columns": ("列数与表头不符", "row.width"),
}
PERMIT_FAULT_CODES = {
    "permit.code": ("许可行的统一社会信用代码校验位不符", "uni_social_crd_cd.uscc"),
    "permit.number": ("许可证编号为空", "permit_no.missing"),
    "permit.day": ("有效期至不是存在的日期", "valid_until.day"),
    "permit.state": ("状态不在代码表内", "state.unlisted"),
}

# --- lives: what befalls the city's businesses, and what departments send of it -----------------------------------
LIVED_DAYS = 4 * 366  # events are told for four years before the last day
CONDUCT_MIDDLE, CONDUCT_WEIGHT = 0.62, 2.3  # rates of violations are multiplied by exp(weight * (middle - conduct))

# Times a year at middling conduct, or shares; industries' proneness and seasons multiply them.
COMPLAINTS_OF_SHOPS, COMPLAINTS_OF_OTHERS = 0.16, 0.02
COMPLAINTS_AFTER_VANISHING = 5.0  # what was prepaid is asked back
ENTERED_TWICE = 0.015  # of complaints
REPORTS_OF_COMPLAINTS = 0.22  # 举报, the rest are 投诉
ORDERS_OF_SHOPS, ORDERS_OF_OTHERS = 0.05, 0.012  # 12345
LEADS = 0.02  # street grid
INSPECTED_AT_RANDOM, INSPECTED_OF_PERMITTED = 0.05, 0.22
INSPECTED_AFTER_COMPLAINT, INSPECTED_AFTER_REPORT = 0.10, 0.70
PROBLEM_FOUND, PROBLEM_FOUND_ON_TIP = 0.16, 0.34
NOT_FOUND_AT_ADDRESS = 0.85  # of inspections of those who vanished
PUNISHED_AFTER_PROBLEM, PUNISHED_AFTER_SAMPLE = 0.30, 0.85
PUNISHED_PLAIN = 0.0015  # cases from other departments
FOOD_SAMPLED, GOODS_SAMPLED = 0.22, 0.07
FOOD_FAILS, GOODS_FAIL = 0.03, 0.08
REPORT_YEARS = 3  # the annual reports told of
REPORT_MISSED = 0.09
REPORT_MADE_UP = 0.45  # of missed annual reports are handed in later
SUED, EXECUTED, DEBTOR = 0.02, 0.35, 0.35
WAGES_UNPAID, WAGES_UNPAID_AT_END = 0.002, 0.10
TAX_ARREARS = 0.012
TAXED_INDIVIDUALS = 0.55
INSURED_INDIVIDUALS = 0.18
INSURED_DAYS = 640  # head counts are told from one quarter before the first delivery

# Deliveries of departments; each sheet says how punctual its own is.
DAYS_LATE = (9, 75)
DAYS_TO_CORRECT = 6
MERGED = 0.6  # of the files that never came, those whose rows come with the next one; the rest are lost

# Rows of departments' files.
ROWS_FAULTY = 0.015
ROWS_UNTIDY = 0.05
# How often each kind of fault is drawn among those a row can have; ``departments.faults`` says what they are.
DRIFT = 0.08  # of the rows, once a department uses a code its contract does not know
ROW_FAULTS = {
    "code.check": 22.0, "code.length": 8.0, "code.missing": 8.0, "required.missing": 12.0, "day.impossible": 12.0,
    "day.future": 6.0, "list.unknown": 8.0, "amount.words": 6.0, "name.mojibake": 8.0, "bytes.gbk": 7.0,
    "bytes.broken": 6.0, "row.ragged": 6.0, "row.newline": 5.0, "key.twin": 8.0,
    "key.again": 5.0,
}  # fmt: skip
ROWS_BY_NAME = 0.06  # without any code, where the contract lets a name and a second sign serve
BY_NAME_SPELT = 0.3  # of those, with a name that is not exactly the registered one
OUTLET_BESIDE = 150  # one bank outlet to so many subjects
