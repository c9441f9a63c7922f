"""What the house can be asked for, each in one line, in both languages."""

import sys
from typing import TextIO

COMMANDS = {
    "run": ("装好即用：建库、示例数据、启动", "migrate, fill an empty house with a demonstration, serve"),
    "serve": ("建库并启动，不放示例数据", "migrate and serve, without a demonstration"),
    "migrate": ("把数据库升级到本版本", "bring the database to the shape of this version"),
    "seed": ("给空库放入示例门店", "fill an empty house with the demonstration dealership"),
    "verify": ("核对事件链、单据和文件", "walk the record of events, the papers and the files, name the first break"),
    "backup": ("备份到目录：backup DIR", "write everything the house keeps to one file in DIR"),
    "restore": ("恢复到空库：restore FILE", "bring a backup back into an empty house"),
    "test": ("在两种数据库上跑测试", "run the tests on both databases"),
    "check": ("检查代码、类型、边界、词条、迁移、模板", "read style, types, borders, words, migrations, templates"),
    "messages": ("更新词条文件", "bring the catalogues of words up to date"),
    "migration": ("起草数据库迁移：migration \"SENTENCE\"", "draft a migration from what the code's tables have"),
    "main-job": ("用真实浏览器交一台车", "hand over a car in a real browser: --vin VIN --customer NAME"),
    "tour": ("给每个页面拍照并查无障碍", "photograph every page and look for barriers"),
    "bench": ("测速度", "measure speed, one JSON line for each measure"),
    "help": ("显示本说明", "show this"),
}  # fmt: skip


def show(to: TextIO | None = None) -> int:
    """One line per command."""
    for command, (zh, en) in COMMANDS.items():
        print(f"{command:<10} {zh}\n{'':<10} {en}", file=to or sys.stdout)
    return 0
