"""Runs a command on a pseudo-terminal of its own: terminal.py COMMAND [ARGUMENT...]

Lines on standard input: `type HEX` writes bytes to the terminal, `resize ROWS COLUMNS` changes its size. What the command
shows goes to standard output. The exit status is the command's, or 128 + n for signal n.

A resize is told again five times a second, as by a window whose edge is still held: docker's client misses a SIGWINCH that
comes between its reading the first size and its listening for signals.
"""
import fcntl
import os
import select
import signal
import struct
import sys
import termios
import time


def resize(master, rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def obey(master, line):
    """Whether the size has changed."""
    words = line.split()
    if words[0] == b"type":
        os.write(master, bytes.fromhex(words[1].decode()))
    elif words[0] == b"resize":
        resize(master, int(words[1]), int(words[2]))
    return words[0] == b"resize"


def start(command):
    master, peer = os.openpty()
    resize(master, 24, 80)
    pid = os.fork()
    if pid == 0:
        os.close(master)
        os.setsid()
        fcntl.ioctl(peer, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(peer, number)
        os.closerange(3, 256)
        for key in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(key, signal.SIG_DFL)  # whoever starts the tests in the background ignores them
        os.execvp(command[0], command)
    os.close(peer)
    return master, pid


def relay(master, pid):
    pending, sources, told = b"", [master, 0], None
    while True:
        ready, _, _ = select.select(sources, [], [], 0.2 if told else None)
        if told and time.monotonic() - told >= 0.2:
            os.kill(pid, signal.SIGWINCH)
            told = time.monotonic()
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                sources.remove(0)
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                if obey(master, line):
                    told = time.monotonic()
        if master in ready:
            try:
                data = os.read(master, 65536)
            except OSError:
                return
            if not data:
                return
            os.write(1, data)


master, pid = start(sys.argv[1:])
relay(master, pid)
_, status = os.waitpid(pid, 0)
os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
