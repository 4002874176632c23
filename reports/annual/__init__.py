"""政府信息公开工作年度报告: the statutory tables filled from the log, written, and checked in anybody's file."""
