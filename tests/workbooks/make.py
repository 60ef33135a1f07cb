"""Writes xlwt.xls (Debian's python3-xlwt); see README.md."""
import datetime

import xlwt

book = xlwt.Workbook(encoding="utf-8")
book.add_sheet("说明").write(0, 0, "hidden")
sheet = book.add_sheet("体检结果")
book.get_sheet(0).visibility = 1
book.set_active_sheet(1)
day = datetime.datetime(2024, 3, 5)
rows = [
    ["工号", "姓名", "体检日期", "出生日期", "血压", None, "总胆固醇", "比例", "部门编号", "证件号", "公式", "已婚",
     "错误", "大数"],
    [None] * 4 + ["收缩压", "舒张压"] + [None] * 8,
    ["0001", "张三丰", (day, "yyyy-mm-dd"), (day, 'yyyy"年"m"月"d"日"'), 120, 80, 5.7, (0.058, "0.0%"), (42, "00000"),
     "110101199001011237", xlwt.Formula("1+1"), True, xlwt.Formula("1/0"), 110101199001011237],
    ["0002", "欧阳 娜娜", (day.replace(hour=8, minute=12), "yyyy/m/d h:mm"), (day, '[$-804]yyyy"年"m"月"d"日";@'), 135.5,
     -0.25, 4, (0.5, "0%"), (123456, "00000"), "否认高血压史、糖尿病史\n长期服药", xlwt.Formula('CONCATENATE("阴","性")'),
     False, "#N/A", 1e-7],
    ["0003", 'José "x", y', (day, "m/d/yy"), (day, 'e"年"m"月"'), 12345.67, 99.99, 0.1 + 0.2, 7, 7, "未见异常" * 20, 0.07,
     "是", None, 4294967296],
]
for y, row in enumerate(rows):
    for x, value in enumerate(row):
        if isinstance(value, tuple):
            sheet.write(y, x, value[0], xlwt.easyxf(num_format_str=value[1]))
        elif value is not None:
            sheet.write(y, x, value)
sheet.merge(0, 0, 4, 5)
sheet.merge(0, 1, 0, 0)
book.save("xlwt.xls")
