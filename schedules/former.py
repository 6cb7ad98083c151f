"""Names of the province and of bodies that ended on 1 July 2025, as texts still have them."""

import re

#: Names in texts: districts and towns of the province, and departments and provinces that were merged.
FORMER = re.compile(
    r"\b[Hh]uyện (?:(?:đảo|miền núi) )?[A-ZĐ]\w+(?: [A-ZĐ]\w+)*"
    r"|\b[Tt]hị xã (?:An Khê|Ayun Pa|An Nhơn|Hoài Nhơn)|\b(?:[Tt]hành phố|TP\.?) (?:Pleiku|Quy Nhơn)"
    r"|\b[Tt]ỉnh Bình Định|\bSở (?:Thông tin và Truyền thông|TT&TT|TTTT|Kế hoạch và Đầu tư)"
    r"|\bBộ Thông tin và Truyền thông|\bBáo Gia Lai(?! và)"
)
