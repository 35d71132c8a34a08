"""What the invented bureau has published by today: who prepares and who compares, what platforms answered."""

PREPARES, COMPARES = "jian", "fu"
KEPT_BACK = ("当事人申请豁免，涉及商业秘密，保密审查未通过。", "市场监督管理行政处罚信息公示规定第六条")
AFTER = 4
"""Days from a decision to its publication, where nothing holds it up."""
WAITING, PREPARED = 3, 2
"""The latest so many wait to be prepared, the next so many to be compared."""
SILENT = "district"
"""A platform that has not answered yet."""
REFUSED = "统一社会信用代码与法人库不一致，请核对。"


def receipts(keys: list[str]) -> str:
    """What a platform puts into its folder: the last is refused where there are several."""
    lines = ["id,result,why", *(f"{key},taken," for key in keys[:-1] or keys)]
    return "\n".join([*lines, f"{keys[-1]},refused,{REFUSED}"] if len(keys) > 3 else lines) + "\n"
