"""What the terminals of the screenshots show."""

from __future__ import annotations

BUILD = """anna@heron:~/kettle$ make release
[ 12%] Compiling src/valve.cpp
[ 37%] Compiling src/boiler.cpp
src/boiler.cpp:88:14: error: 'max_pressure' was not declared in this scope
[ 50%] Compiling src/display.cpp
make[1]: *** [boiler.o] Error 1
make: *** [release] Error 2
anna@heron:~/kettle$ """
PYTEST = """$ pytest tests/test_invoice.py
============== test session starts ==============
collected 9 items

tests/test_invoice.py ....F....            [100%]

=================== FAILURES ====================
________________ test_rounds_up _________________
    def test_rounds_up():
>       assert total([1.005, 2]) == 3.01
E       assert 3.0 == 3.01

tests/test_invoice.py:41: AssertionError
========== 1 failed, 8 passed in 0.62s ==========
$ """
DISK = """[root@pelican ~]# df -h
Filesystem      Size  Used Avail Use% Mounted on
/dev/nvme0n1p2  118G   97G   15G  87% /
/dev/sda1       1.8T  640G  1.1T  37% /srv/media
tmpfs           7.7G  2.1M  7.7G   1% /tmp
[root@pelican ~]# uptime
 14:05:11 up 93 days,  2:41,  3 users
[root@pelican ~]# systemctl restart mosaic
Job for mosaic.service failed: exit code 203.
[root@pelican ~]# """
NPM = """> rowan-shop@4.1.0 build
> vite build

transforming...
312 modules transformed.
dist/index.html          0.61 kB
dist/assets/main.css    18.92 kB
dist/assets/main.js    204.37 kB
built in 3.48s

kaito@kestrel rowan-shop % npm publish
npm ERR! code E403
npm ERR! 403 Forbidden: version 4.1.0 exists already
kaito@kestrel rowan-shop % """
LOG = """Mar 03 04:12:07 gate kernel: usb 2-1: new device number 9
Mar 03 04:12:09 gate backup[811]: started, 6 volumes
Mar 03 04:31:55 gate backup[811]: volume music done, 212 GB
Mar 03 04:47:20 gate backup[811]: volume mail done, 38 GB
Mar 03 04:47:21 gate backup[811]: ERROR volume photos: disk quota exceeded
Mar 03 04:47:22 gate backup[811]: stopped, 2 of 6 volumes
Mar 03 05:00:01 gate cron[902]: job rotate ran"""
PING = """$ ping -c 3 heron.example
64 bytes from 192.0.2.44: seq=1 time=18.2 ms
64 bytes from 192.0.2.44: seq=2 time=17.9 ms
64 bytes from 192.0.2.44: seq=3 time=21.4 ms
3 packets sent, 3 received
$ """
