import random

import pytest

from core.data.cleaners.personal_data import places
from tests.core.data.build import chat
from tests.core.data.cleaners.row import answer, hit, judged

PERSONAL = {
    "EMAIL": "anna.schmidt@web.de li_wei88@163.com j.doe+x@gmail.com max@uni-koeln.de zhang.san@qq.com müller@post.de",
    "PHONE": (
        "13812345678|+86 138 1234 5678|138-1234-5678|(212) 555-0147|212-555-0147|415.555.2671|+1 415 555 2671"
        "|0171 2345678|+49 30 901820|030 901820|+44 7911 123456|07911 123456|020 7946 0958|01 42 68 53 00"
        "|+33 6 12 34 56 78|06 12 34 56 78|010-62345678|+8613912345678|1-212-555-0147"
        "|0151-23456789|+91 98765 43210|+1 (650) 253-0000"
    ),
    "CARD": (
        "4532015112830366|4111 1111 1111 1111|5500-0000-0000-0004|378282246310005|6011000990139424|6222021234567890128"
    ),
    "ID": ("11010519491231002X|123-45-6789|AB123456C|12345678Z|1 84 12 76 451 089 46|RSSMRA85T10A562S|111.444.777-35"),
    "IBAN": "DE89 3704 0044 0532 0130 00|GB29NWBK60161331926819|ES9121000418450200051332|CH93 0076 2011 6238 5295 7",
    "IP": "84.23.117.9|151.101.1.69|2a00:1450:4001:82a:0:0:0:200e|2606:4700:4700::1111",
    "SECRET": (
        "sk-proj-a8Fh3kLmN9pQ2rStUvWx4yZ0|ghp_16C7e42F292c6912E7710c838347Ae178B4a|AKIAIOSFODNN7QZKLMNP"
        "|xoxb-2343243-99988-AbCdEf123|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4fw"
        "|-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----|hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"
    ),
}
PLANTED = [
    (kind, value)
    for kind, values in PERSONAL.items()
    for value in (values.split("|") if "|" in values else values.split())
]


@pytest.mark.parametrize(("kind", "value"), PLANTED)
@pytest.mark.parametrize(
    "frame", ["My details are {}, thanks.", "您好，我的是{}，请处理。", "{}", "Write or call: {}."]
)
def test_is_found_wherever_it_stands(kind: str, value: str, frame: str):
    text = frame.format(value)
    assert [(text[start:end], found) for start, end, found in places(text)] == [(value, kind)]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password: Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("my password is hunter2.", "hunter2"),
        ("密码是abc123456。", "abc123456"),
        ("api_key = 'A1b2C3d4E5f6'", "A1b2C3d4E5f6"),
        ("postgres://bob:s3cr3tPw@db.host.io/x", "s3cr3tPw"),
    ],
)
def test_passwords_by_what_stands_before(text: str, secret: str):
    assert [text[start:end] for start, end, _ in places(text)] == [secret]


NOBODYS = """Order number 13812345678 shipped
订单号13812345678已发货，运单号：SF1234567890123
The price is 1,299.00 or 1.299,00 EUR, in all $13812345678 or ¥13800000000 元
On 2023-10-05 12:30:45 and 05/10/2023, 10.05.2023, 20231005, between 1990-2000 and 1914 - 1918
ISBN 978-3-16-148410-0 and 9783161484100
version 1.2.3.4 and v10.0.19041.1, section 3.4.5.6
localhost 127.0.0.1, 0.0.0.0, 255.255.255.0, 8.8.8.8, ::1, fe80::1
you@example.com, yourname@example.org, test@example, you@your-company.com
The distance is 384400 km, 149600000 km; pi is 3.14159265358979; 0.762848570174394
UUID 550e8400-e29b-41d4-a716-446655440000, sha 3f786850e387550fdab836ed7e6dc881de23001b
tracking 9400 1000 0000 0000 0000 00, 1Z999AA10123456784
1234567890123456 4111111111111112 0123456789 440305199001011235
Sum 100 200 300 400 500; 1 2 3 4 5 6 7 8 9 10; 1, 1, 2, 3, 5, 8, 13, 21, 34, 55; [1,2,3,4,5,6,7,8]
std::vector<int> a::b::c 12:30:45:99; mac 00:1A:2B:3C:4D:5E
https://x.org/p/13812345678?id=4111111111111111
sk-learn is nice; the key to success; password must be 8 characters; enter your password: then click
password: your_password, api_key=YOUR_API_KEY, os.environ["API_KEY"], token = get_token()
Here is a randomly generated password: rT8$jLpZ.
timestamp 1697040000 and 1697040000000
Call 911 or 110 or 400-820-8820 or 10086 or 1-800-273-8255
coordinates 40.712776, -74.005974
git@github.com:user/repo.git icon@2x.png @decorator a@b
100-200-3000 rooms; 12-3456-78; part no. 55-12-987-1234; x = 5551234567 + 3
公元1949年10月1日, QQ 群 1029384756, ABCD1234 EFGH, GB 123456 and PO 12345678, Zip 94103-1234""".splitlines()


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_stays(text: str):
    assert [(text[start:end], kind) for start, end, kind in places(text)] == []


def test_random_numbers_are_rarely_taken_for_somebodys():
    chosen = random.Random(7)
    lengths = [6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 18, 20]
    numbers = ["".join(chosen.choice("0123456789") for _ in range(length)) for length in lengths * 100]
    assert sum(bool(places(f"The count is {number} today.")) for number in numbers) < 0.02 * len(numbers)


def test_every_find_is_masked_and_named():
    told = [("u", "I am a@b.de, 13812345678."), ("a", "Thanks, a@b.de!")]
    assert judged("personal_data", *told) == [("u", "I am [EMAIL], [PHONE]."), ("a", "Thanks, [EMAIL]!")]
    found = hit("personal_data", chat("1", *told))
    assert found and found.note == "EMAIL 2 a…@…, PHONE 1 13…78"


def test_placeholders_are_not_found_again():
    kinds = " ".join(f"[{kind}]" for kind in PERSONAL)
    assert answer("personal_data", f"password: [SECRET] {kinds}") == "same"
