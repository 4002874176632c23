"""A rulebook of one rule, to break in tests."""

from __future__ import annotations

BOOK = """\
id: small-2023
title: {zh: 小规则集, en: Small book}
document: 测试〔2023〕1号
issued_on: 2023-07-14
in_force: {from: 2023-01-01, to: 2023-12-31}
source: source.txt
clauses:
  - id: "3.10"
    section: 一
    text: 各单位每年至少培训 1 次。
  - id: "3.1"
    section: 一
    text: 各单位应当公开年度方案。
"""

SOURCE = "一、各单位每年至少培训1次。\n各单位应当\n公开年度方案。\n"

RULES = """\
rules:
  - id: 3.10.training
    clause: 3.10
    title: {zh: 培训}
    quote: 每年至少培训 1 次
    owed_by: units
    kind: count
    counted: training.held
    at_least: 1
"""

READINGS = """\
    readings:
      default: once
      choices:
        once: {reason: {zh: 甲}}
        twice:
          reason: {zh: 乙}
          set: {at_least: 2}
"""
