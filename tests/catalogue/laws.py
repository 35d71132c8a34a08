"""Invented instruments for tests: two editions of a city's measures on stalls."""

OLD_NAME, NEW_NAME = "云泽市摊贩管理办法(2019-03-01).md", "云泽市摊贩管理办法(2024-02-01).md"
TITLE = "云泽市摊贩管理办法"
OLD = f"""# {TITLE}

2019年3月1日 云泽市人民政府令第3号公布

## 第一章 总则

第一条 为了管理摊贩，方便群众生活，制定本办法。

第二条 本市范围内的摊贩管理，适用本办法。

第三条 摊贩应当在划定的时段经营，保持周围整洁；收摊后清理场地。

第四条 违反本办法的，责令改正，可以处五十元罚款。

第五条 本办法自2019年5月1日起施行。
"""
NEW = f"""# {TITLE}

2024年2月1日 云泽市人民政府令第9号公布

## 第一章 总则

第一条 为了管理摊贩，方便群众生活，制定本办法。

第二条 街道办事处负责划定疏导区，并向社会公布。

第三条 本市范围内的摊贩管理，适用本办法。

第四条 摊贩应当在划定的时段和区域经营，保持周围整洁；收摊后清理场地。

第五条 本办法自2024年4月1日起施行。
"""


def load_both() -> str:
    """Put both editions into the library; the code they are held under."""
    from shiheng.catalogue.law import actions, reading

    for name, text in ((OLD_NAME, OLD), (NEW_NAME, NEW)):
        (done,) = actions.load(reading.read(name, text.encode()))
        assert done.state == actions.LOADED, done
    return actions.code_of(TITLE)
