"""Docker's Python library against a daemon: what programs that use it do most. Arguments: the socket, the API version."""

import io
import sys
import tarfile
import threading

import docker

client = docker.DockerClient(base_url="unix://" + sys.argv[1], version=sys.argv[2], timeout=60)
done = []


def step(name):
    done.append(name)


def same(got, want):
    assert got == want, "%s: got %r, want %r" % (done[-1], got, want)


step("ping, version, info")
same(client.ping(), True)
same(client.version()["Os"], "linux")
same(client.info()["OSType"], "linux")

step("run")
same(client.containers.run("busybox", ["echo", "hello"], network_mode="none", remove=True), b"hello\n")
try:
    client.containers.run("busybox", ["sh", "-c", "echo oops >&2; exit 3"], network_mode="none", remove=True)
    raise AssertionError("no ContainerError")
except docker.errors.ContainerError as error:
    same(error.exit_status, 3)
    assert b"oops" in error.stderr
try:
    client.containers.run("no-such-image-here:x", "true", network_mode="none")
    raise AssertionError("no ImageNotFound")
except (docker.errors.ImageNotFound, docker.errors.APIError):
    pass

step("create, start, wait, logs")
container = client.containers.create(
    "busybox",
    ["sh", "-c", "echo out; echo err >&2; exit 7"],
    name="docker-py",
    network_mode="none",
    environment={"A": "b"},
    labels={"kind": "py"},
    mem_limit="64m",
    volumes={"/tmp": {"bind": "/host", "mode": "ro"}},
    tmpfs={"/run": "size=1m"},
    ulimits=[docker.types.Ulimit(name="nofile", soft=64, hard=128)],
    stop_signal="SIGKILL",
)
same(container.status, "created")
container.start()
same(container.wait()["StatusCode"], 7)
same(container.logs(stdout=True, stderr=False), b"out\n")
same(container.logs(stdout=False, stderr=True), b"err\n")
same(b"".join(container.logs(stream=True, follow=True, stderr=False)), b"out\n")
container.reload()
same(container.status, "exited")
same(container.attrs["HostConfig"]["Memory"], 64 << 20)
same(container.labels["kind"], "py")

step("list")
same([c.name for c in client.containers.list(all=True, filters={"label": "kind=py"})], ["docker-py"])
same(client.containers.list(filters={"name": "docker-py"}), [])
same(client.containers.get("docker-py").id, container.id)
container.rename("docker-py-2")
container.remove()
try:
    client.containers.get("docker-py-2")
    raise AssertionError("no NotFound")
except docker.errors.NotFound as error:
    same(error.response.status_code, 404)

step("events")
events = []
ready = threading.Event()
stream = client.events(decode=True, filters={"type": "container"})


def collect():
    ready.set()
    for event in stream:
        events.append(event["Action"])
        if event["Action"] == "destroy":
            break


collector = threading.Thread(target=collect)
collector.start()
ready.wait()

step("a container that runs")
container = client.containers.run("busybox", ["sh", "-c", "while read a; do echo got $a; done"], detach=True, stdin_open=True, network_mode="none")
same(container.exec_run(["sh", "-c", "echo $A; id -u"], environment={"A": "x"}, user="7"), (0, b"x\n7\n"))
same(container.exec_run(["sh", "-c", "echo a; echo b >&2; exit 4"], demux=True), (4, (b"a\n", b"b\n")))
same(b"".join(container.exec_run(["echo", "streamed"], stream=True).output), b"streamed\n")
same(container.exec_run(["sh", "-c", "test -t 1 && echo terminal"], tty=True).output, b"terminal\r\n")
top = container.top(ps_args="-o pid,args")
assert any("while read" in row[1] for row in top["Processes"]), top

step("attach with input")
socket = client.api.attach_socket(container.id, {"stdin": 1, "stdout": 1, "stream": 1})
raw = socket._sock
raw.sendall(b"line\n")
frame = b""
while len(frame) < 8 + len("got line\n"):
    frame += raw.recv(64)
same(frame, b"\x01\0\0\0\0\0\0\x09got line\n")
socket.close()
raw.close()

step("pause, kill, restart, stop")
container.pause()
container.reload()
same(container.status, "paused")
container.unpause()
container.restart(timeout=0)
container.reload()
same(container.status, "running")
container.kill("SIGKILL")
same(container.wait(timeout=20)["StatusCode"], 137)
container.start()
container.stop(timeout=0)
container.remove(force=True)
collector.join(20)
same(collector.is_alive(), False)
for action in ("create", "start", "die", "pause", "unpause", "kill", "stop", "destroy"):
    assert action in events, (action, events)

step("attach to a run")
container = client.containers.create("busybox", ["sh", "-c", "echo one; sleep 1; echo two"], network_mode="none")
output = client.api.attach(container.id, stdout=True, stderr=True, stream=True)
container.start()
same(b"".join(output), b"one\ntwo\n")
container.remove()

step("images")
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    entry = tarfile.TarInfo("marker")
    entry.size = 2
    tar.addfile(entry, io.BytesIO(b"py"))
client.api.import_image_from_data(archive.getvalue(), repository="docker-py", tag="one", changes=["CMD x"])
image = client.images.get("docker-py:one")
same(image.tags, ["docker-py:one"])
same(image.attrs["Config"]["Cmd"], ["/bin/sh", "-c", "x"])
image.tag("docker-py", "two")
assert any("docker-py:two" in each.tags for each in client.images.list()), client.images.list()
same(len(client.images.list("docker-py")), 1)
assert client.images.get("docker-py:two").history()
client.images.remove("docker-py:two")
client.images.remove("docker-py:one")
same(client.images.list("docker-py"), [])

step("prune")
client.containers.create("busybox", "true", network_mode="none")
assert len(client.containers.prune()["ContainersDeleted"]) == 1
client.images.prune()
client.close()
print("done: " + ", ".join(done))
