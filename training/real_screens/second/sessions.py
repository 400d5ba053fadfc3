"""What the terminals of the second set's screenshots show, where no program of their own draws it."""

from __future__ import annotations

PIP = """(venv) jonas@marten:~/birdcount$ pip install -r requirements.txt
Collecting flask==3.0.3
  Using cached flask-3.0.3-py3-none-any.whl (101 kB)
Collecting shapely==1.7.0
  Downloading Shapely-1.7.0.tar.gz (349 kB)
  Preparing metadata (setup.py): finished with status 'error'
  error: subprocess-exited-with-error

  x python setup.py egg_info did not run successfully.
  | exit code: 1
  OSError: libgeos_c.so: cannot open shared object file

note: This error originates from a subprocess.
[notice] A new release of pip is available: 23.0.1 -> 24.2
(venv) jonas@marten:~/birdcount$ """
SERVICES = """operator@lockgate:~$ docker ps
CONTAINER ID   IMAGE            STATUS          PORTS      NAMES
7f21c09ab3de   grafana:10.4     Up 12 days      3000/tcp   charts
b8804e61f77a   influxdb:2.7     Up 12 days      8086/tcp   levels
02d9e5c1aa40   mosquitto:2.0    Up 3 hours      1883/tcp   broker
operator@lockgate:~$ systemctl status sluice
x sluice.service - Sluice controller
     Loaded: loaded (/etc/systemd/system/sluice.service; enabled)
     Active: failed (Result: timeout) since Sat 06:18:44 UTC
   Main PID: 2207 (code=killed, signal=KILL)
     Memory: 148.3M

May 16 06:17:14 lockgate systemd[1]: Starting Sluice controller...
May 16 06:18:44 lockgate sluice[2207]: no answer from motor 3
May 16 06:18:44 lockgate systemd[1]: Failed to start Sluice controller.
operator@lockgate:~$ """
TRACEBACK = """>>> from stamps import Album
>>> album = Album("inherited.csv")
>>> album.value("Penny Brown")
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
  File "/home/edda/stamps.py", line 58, in value
    price = self.prices[name]
KeyError: 'Penny Brown'
>>> len(album)
1463
>>> """
RSYNC = """$ rsync -a photos/ nas:/backup/photos
sending incremental file list
2026/autumn/IMG_2207.jpg
2026/autumn/IMG_2208.jpg
2026/autumn/IMG_2209.jpg
rsync: write failed: No space left on device (28)
sent 48,210,377 bytes  received 92 bytes
$ """
TOP = """top - 16:42:09 up 5 days,  3:17,  2 users,  load average: 2.84
Tasks: 187 total,   3 running, 184 sleeping
MiB Mem :  15921.4 total,   1204.8 free,  11870.2 used

  PID USER      %CPU  %MEM     TIME+ COMMAND
 4410 vilma     98.7   6.1  41:08.53 blender
 1932 vilma     31.2  12.4  88:40.17 firefox
  877 root       4.3   0.8   9:55.02 Xorg
 2651 vilma      1.7   3.9   2:13.76 thunderbird
    1 root       0.0   0.1   0:06.41 systemd"""
