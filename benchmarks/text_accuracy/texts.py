"""What stands on the rendered screens; written for them."""
# ruff: noqa: RUF001 - Chinese has its own punctuation

from __future__ import annotations

ENGLISH = (
    "Three files could not be copied because the disk is full.",
    "Remove what you no longer need, then try again.",
    "The update will be installed when you restart the computer.",
    "Your changes were saved at 14:32, and nothing else is pending.",
    "A new version (3.10.2) is available; it needs 148 MB of space.",
    "Lisa wrote: I will be 15 minutes late, please start without me.",
    "Would you like to keep the old settings or begin afresh?",
    "This folder holds 1,204 items, 37 of which are hidden.",
    "Notifications are silenced until tomorrow, 08:00.",
    "Pick the colours, fonts and spacing that suit your eyes best.",
    "Quarterly revenue grew by 12.5% to $4,310,880.",
    "If the printer does not answer, check its cable and its paper.",
    "Only people in your team can see who has read this page.",
    "The quick export skips images larger than 20 MB.",
    "Illegal characters (such as < or >) were replaced in 11 names.",
    "It will take about an hour; you can go on working meanwhile.",
)

EUROPEAN = (
    ("deu", "Möchten Sie die Änderungen wirklich verwerfen?"),
    ("deu", "Größe und Straße wurden überprüft, der Rest folgt später."),
    ("deu", "Für das Gerät ist kein Schlüssel hinterlegt."),
    ("fra", "Le fichier n'a pas été trouvé à l'endroit prévu."),
    ("fra", "Où souhaitez-vous être livré ? Çà et là, dès février."),
    ("fra", "Voulez-vous vraiment supprimer cet élément ?"),
    ("spa", "¿Desea guardar los cambios del último capítulo?"),
    ("spa", "Mañana habrá una reunión sobre el próximo año."),
    ("spa", "La sesión terminó después de 30 días."),
    ("pol", "Nie można otworzyć pliku, ponieważ jest pusty."),
    ("pol", "Proszę wybrać język i strefę czasową."),
    ("pol", "Zmiany zostały zapisane, możesz zamknąć okno."),
)

CHINESE = (
    "无法复制文件，因为磁盘空间不足。",
    "请删除不再需要的内容，然后重试。",
    "更新将在重新启动计算机后安装。",
    "您的更改已于下午两点保存。",
    "此文件夹包含一千多个项目。",
    "新版本已经发布，大小为148 MB。",
    "是否保留原来的设置？",
    "打印机没有响应，请检查连接。",
)

JAPANESE = (
    "ファイルをコピーできませんでした。",
    "ディスクの空き容量が不足しています。",
    "更新プログラムは再起動後にインストールされます。",
    "変更は自動的に保存されました。",
    "このフォルダーには多くの項目があります。",
    "新しいバージョンが利用できます。",
    "以前の設定を残しますか？",
    "プリンターの接続を確認してください。",
)

LABELS = (
    "File",
    "Edit",
    "View",
    "Insert",
    "Format",
    "Tools",
    "Window",
    "Help",
    "Settings",
    "Search",
    "Share",
    "Recent",
)
BUTTONS = ("Cancel", "OK", "Save", "Discard", "Apply", "Close", "Try again", "Learn more", "Skip", "Back", "Next")
SIDEBAR = ("Inbox", "Drafts", "Sent", "Archive", "Invoices 2026", "Travel", "All files", "Trash", "Starred", "Team")

FIELDS = (
    ("Name", "Ada Müller"),
    ("E-mail", "ada.mueller@example.org"),
    ("Phone", "+49 30 5550 1947"),
    ("IBAN", "DE02 1203 0000 0000 2020 51"),
    ("Customer no.", "KD-0018-OIL7"),
    ("Address", "11 Illinois Road, Hull HU1 1AA"),
    ("Account", "4000 0566 5566 5556"),
    ("Date", "2026-11-28"),
    ("Total", "1,018.50 EUR"),
    ("Status", "Paid, shipped"),
)

IDENTIFIERS = (
    "https://example.org/docs/v1.0/install?os=linux&lang=en",
    "C:\\Users\\olli\\AppData\\Local\\Temp\\0O1l.log",
    "/usr/local/lib/python3.11/site-packages/PIL/Image.py",
    "550e8400-e29b-41d4-a716-446655440000",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    "192.168.10.101:8080 -> 10.0.0.1:443",
    "token=ghx_0OoIl1iLQ9sZ5S2zB8bG6",
    "first_last+tag@mail.example.com",
    "v0.10.1-rc.1+build.2041",
    "#1f6feb rgba(31, 111, 235, 0.40)",
    "Il1| O0oQ S5s Z2z B8 rn m cl d vv w",
    "ISBN 978-0-306-40615-7, order 00-110-01I",
)

CODE = (
    "def read_lines(path: Path, *, limit: int = 100) -> list[str]:",
    '    """The first lines of a file, without their ends."""',
    '    with path.open(encoding="utf-8") as file:',
    '        return [line.rstrip("\\n") for _, line in zip(range(limit), file)]',
    "for (let i = 0; i < items.length; i++) {",
    "    if (!items[i].id || items[i].count === 0) continue;",
    "    total += items[i].price * (1 - rate[i]);",
    "}",
    "SELECT id, name FROM users WHERE age >= 18 AND deleted_at IS NULL;",
    "const result = await fetch(`${base}/api/v1/${id}`);",
    "static inline int32_t clamp(int32_t x) { return x < 0 ? 0 : x; }",
    "self._items[key] = value  # overwrites",
    "assert x1 != xl and O0 == 0 and l1 <= I1, f'{x1:.3f}'",
    "git commit -m 'Fix #1024' && git push --force-with-lease",
    "let mut out: Vec<u8> = Vec::with_capacity(n * 2 + 1);",
    "@dataclass(frozen=True)",
)

TERMINAL = (
    "$ ls -l /var/log",
    "drwxr-xr-x  2 root root   4096 Nov 28 09:14 apt",
    "-rw-r-----  1 syslog adm 18231 Nov 28 20:01 syslog.1",
    "$ python3 -m pip install --no-deps -e .",
    "ERROR: No matching distribution found for foo==1.0.1",
    "Traceback (most recent call last):",
    '  File "main.py", line 101, in <module>',
    "ValueError: invalid literal for int() with base 10: '0x1F'",
    "$ curl -sS -o /dev/null -w '%{http_code}' localhost:8080",
    "[ OK ] Started nginx.service (pid 1107)",
)

COLUMNS = ("Item", "Code", "Qty", "Unit price", "Total")
ROWS = (
    ("Desk lamp", "DL-1010", "2", "24.90", "49.80"),
    ("USB cable", "UC-0O17", "10", "3.15", "31.50"),
    ("Notebook A5", "NB-5511", "6", "2.00", "12.00"),
    ("Monitor arm", "MA-0081", "1", "119.00", "119.00"),
    ("Ink, black", "IB-1188", "3", "17.49", "52.47"),
    ("Chair mat", "CM-7001", "1", "45.10", "45.10"),
    ("Webcam", "WC-1080", "4", "61.00", "244.00"),
    ("Paper 500", "PP-0500", "12", "4.99", "59.88"),
)
