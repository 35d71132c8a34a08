"""Chinese for the words ``argparse`` itself says: headings, help of ``--help``, every complaint about arguments."""

import argparse

WORDS = {
    "usage: ": "用法：",
    "%(heading)s:": "%(heading)s：",
    "positional arguments": "参数",
    "options": "选项",
    "subcommands": "子命令",
    "show this help message and exit": "显示本帮助后退出",
    "show program's version number and exit": "显示版本后退出",
    " (default: %(default)s)": "（默认 %(default)s）",
    "%(prog)s: error: %(message)s\n": "错误：%(message)s\n写法见：%(prog)s --help\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "以下参数须给出一个：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "invalid choice: %(value)r (choose from %(choices)s)": "不能是 %(value)r，可选：%(choices)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有命令 %(parser_name)r，可选：%(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r 不合要求（应为 %(type)s）",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
    "ignored explicit argument %r": "此选项不带值，却给了 %r",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "expected one argument": "须给一个值",
    "expected at most one argument": "至多给一个值",
    "expected at least one argument": "至少给一个值",
    "expected %s argument": "须给 %s 个值",
    "expected %s arguments": "须给 %s 个值",
    "can't open '%(filename)s': %(error)s": "打不开 %(filename)s：%(error)s",
    "conflicting option string: %s": "选项重复：%s",
    "conflicting option strings: %s": "选项重复：%s",
    "cannot have multiple subparser arguments": "子命令只能有一组",
    "mutually exclusive arguments must be optional": "互斥的参数须为选填",
    "'required' is an invalid argument for positionals": "位置参数不能写 required",
    "unable to determine dest for argument %s": "参数 %s 缺少名称",
    "dest= is required for options like %r": "选项 %r 缺少 dest",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r": (
        "选项 %(option)r 须以 %(prefix_chars)r 开头"
    ),
    "invalid conflict_resolution value: %r": "conflict_resolution 取值无效：%r",
    'argument "-" with mode %r': "参数 “-” 不能用于方式 %r",
}


def install() -> None:
    """Give ``argparse`` Chinese words.

    It takes its words from the machine's gettext catalogues, which hold no Chinese for Python; putting our own lookup
    in the place of its ``_`` translates every one of them, also those its public methods cannot reach.
    """
    vars(argparse).update(_=lambda text: WORDS.get(text, text), ngettext=_plural)


def _plural(one: str, many: str, count: int) -> str:
    return WORDS.get(one if count == 1 else many, one if count == 1 else many)
