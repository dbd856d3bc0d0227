package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a process inside may do: capabilities, seccomp, no-new-privileges, namespaces.
@EverySetup
class PrivilegesIT extends EndToEnd {
    private static final String EFFECTIVE = "awk '/CapEff/ { print $2 }' /proc/self/status";

    @Test
    void areDockersDefaultCapabilities() throws IOException {
        assertThat(inside("awk '/Cap(Prm|Eff|Bnd)/ { print $2 }' /proc/self/status"))
                .isEqualTo("00000000a80425fb\n00000000a80425fb\n00000000a80425fb");
    }

    // CVE-2022-29162: inheritable capabilities were not empty
    @Test
    void areNeitherInheritableNorAmbient() throws IOException {
        assertThat(inside("awk '/Cap(Inh|Amb)/ { print $2 }' /proc/self/status | sort -u"))
                .isIn("0000000000000000", setup.onGantry() ? "" : "0000000000000000\n00000000a80425fb");
    }

    @Test
    void canBeDroppedAndAdded() throws IOException {
        assertThat(inside(EFFECTIVE, "--cap-drop", "ALL")).isEqualTo("0000000000000000");
        assertThat(inside(EFFECTIVE, "--cap-drop", "all", "--cap-add", "NET_ADMIN"))
                .isEqualTo("0000000000001000");
        assertThat(inside(EFFECTIVE, "--cap-drop", "CAP_CHOWN")).isEqualTo("00000000a80425fa");
        assertThat(inside(EFFECTIVE, "--cap-drop", "CHOWN", "--cap-add", "CHOWN"))
                .isEqualTo("00000000a80425fb");
    }

    @Test
    void areNoneForAnotherUserThanRoot() throws IOException {
        assertThat(inside(EFFECTIVE, "-u", "www-data")).isEqualTo("0000000000000000");
    }

    @Test
    void refuseACapabilityThatDoesNotExist() throws IOException {
        assertThat(fails(125, "run", "--cap-add", "NONSENSE", IMAGE, "true")).containsIgnoringCase("capability");
    }

    @Test
    void areFilteredUnlessUnconfined() throws IOException {
        assertThat(inside("awk '/^Seccomp:/ { print $2 }' /proc/self/status")).isEqualTo("2");
        assertThat(inside("awk '/^Seccomp:/ { print $2 }' /proc/self/status", "--security-opt", "seccomp=unconfined"))
                .isEqualTo("0");
        assertThat(call(runWords("unshare -m true")).exit()).isNotZero();
    }

    @Test
    void areFilteredByAProfileOfTheUsers() throws IOException {
        Path profile = Files.writeString(setup.daemon().directory().resolve(newName()), """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
                """);
        assertThat(inside("mkdir /x 2>&1; touch /y && echo made", "--security-opt", "seccomp=" + profile))
                .isEqualTo("mkdir: can't create directory '/x': Operation not permitted\nmade");
        Files.writeString(profile, "{\"defaultAction\": 7");
        assertThat(fails(125, "run", "--rm", "--security-opt", "seccomp=" + profile, IMAGE, "true"))
                .containsIgnoringCase("seccomp");
        Files.delete(profile);
    }

    @Test
    void areAllOfThemWhenPrivileged() throws IOException {
        assumeAllCapabilitiesForDockerd();
        String script = EFFECTIVE + "; awk '/^Seccomp:/ { print $2 }' /proc/self/status";
        String own = hostStatus("CapBnd");
        assertThat(inside(script, "--privileged")).isEqualTo(own + "\n0");
        assertThat(inside("test -e /dev/kmsg && test -w /sys/kernel && echo whole", "--privileged"))
                .isEqualTo("whole");
    }

    @Test
    void cannotGrowWithNoNewPrivileges() throws IOException {
        String script = "awk '/NoNewPrivs/ { print $2 }' /proc/self/status";
        assertThat(inside(script)).isEqualTo("0");
        assertThat(inside(script, "--security-opt", "no-new-privileges")).isEqualTo("1");
    }

    @Test
    void endAtTheNamespacesOfTheContainer() throws IOException {
        for (String namespace : new String[] {"mnt", "pid", "uts", "ipc", "net", "cgroup"}) {
            String host =
                    Files.readSymbolicLink(Path.of("/proc/self/ns", namespace)).toString();
            // dockerd has no cgroup namespace of its own on cgroup v1
            if (setup.onGantry() || !namespace.equals("cgroup")) {
                assertThat(inside("readlink /proc/self/ns/" + namespace)).isNotEqualTo(host);
            }
        }
    }

    @Test
    void shareTheNamespacesAskedFor() throws IOException {
        assertThat(inside("readlink /proc/self/ns/net", "--network", "host")).isEqualTo(host("net"));
        assertThat(inside("readlink /proc/self/ns/pid", "--pid", "host")).isEqualTo(host("pid"));
        assertThat(inside("readlink /proc/self/ns/ipc", "--ipc", "host")).isEqualTo(host("ipc"));
        assertThat(inside("readlink /proc/self/ns/uts", "--uts", "host")).isEqualTo(host("uts"));
    }

    @Test
    void shareTheNamespacesOfAnotherContainer() throws IOException {
        String name = background("sleep 60", "--ipc", "shareable");
        String pid = ok("exec", name, "readlink", "/proc/1/ns/pid");
        assertThat(inside(
                        "readlink /proc/self/ns/pid; ps -o pid,comm | awk '/sleep/ { print $1 }'",
                        "--pid",
                        "container:" + name))
                .isEqualTo(pid + "\n1");
        String ipc = ok("exec", name, "readlink", "/proc/1/ns/ipc");
        assertThat(inside("readlink /proc/self/ns/ipc", "--ipc", "container:" + name))
                .isEqualTo(ipc);
    }

    @Test
    void endAtTheMaskedAndReadOnlyPaths() throws IOException {
        assertThat(inside("cat /proc/kcore | wc -c; cat /proc/timer_list | wc -c; ls /sys/firmware | wc -l"))
                .isEqualTo("0\n0\n0");
        assertThat(inside("echo x 2> /dev/null > /proc/sysrq-trigger || echo read-only"))
                .isEqualTo("read-only");
        assertThat(inside("(echo 1 > /proc/sys/vm/swappiness) 2> /dev/null || echo read-only"))
                .isEqualTo("read-only");
        String group = Cgroups.unified() ? "/sys/fs/cgroup/x" : "/sys/fs/cgroup/memory/x";
        assertThat(inside("mkdir " + group + " 2> /dev/null || echo read-only")).isEqualTo("read-only");
    }

    // CVE-2024-21626: a leaked descriptor of the host
    @Test
    void haveNoDescriptorButTheStandardOnes() throws IOException {
        assertThat(inside("ls /proc/1/fd | tr '\\n' ' '", "--init")).isEqualTo("0 1 2");
        assertThat(inside("exec ls /proc/self/fd")).isEqualTo("0\n1\n2\n3");
    }

    @Test
    void includeOnlyTheDevicesOfTheList() throws IOException {
        assertThat(inside("ls /dev | grep -v '^core$' | tr '\\n' ' '"))
                .isEqualTo("fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero");
        assertThat(inside("ls -l /dev/mapped | cut -c1", "--device", "/dev/zero:/dev/mapped"))
                .isEqualTo("c");
        assertThat(inside("ls -l /dev/shm/mapped | cut -c1", "--device", "/dev/zero:/dev/shm/mapped"))
                .isEqualTo("c");
        assertThat(inside(
                        "ls -l /dev/mapped | awk '{ print $5 $6 }'",
                        "--device",
                        "/dev/null:/dev/mapped",
                        "--device",
                        "/dev/zero:/dev/mapped"))
                .as("the first of two devices for one path")
                .isEqualTo("1,3");
        assertThat(inside("mknod /tmp/disk b 254 0 && cat /tmp/disk 2> /dev/null | wc -c"))
                .isEqualTo("0");
    }

    /// Docker's clients send empty lists of paths for `systempaths=unconfined`: no daemon knows the option.
    @Test
    void haveNoUnknownSecurityOption() throws IOException {
        assertThat(fails(125, "run", "--rm", "--security-opt", "systempaths=foo", IMAGE, "true"))
                .contains("invalid --security-opt 2: \"systempaths=foo\"");
        assertThat(inside("ls /sys/firmware | wc -l", "--security-opt", "systempaths=unconfined"))
                .isNotEqualTo("0");
    }

    @Test
    void setSysctlsOfTheContainersOwnNamespaces() throws IOException {
        assertThat(inside("cat /proc/sys/net/ipv4/ip_forward", "--sysctl", "net.ipv4.ip_forward=1"))
                .isEqualTo("1");
        assertThat(inside("cat /proc/sys/kernel/msgmax", "--sysctl", "kernel.msgmax=4096"))
                .isEqualTo("4096");
        assertThat(fails(125, "run", "--sysctl", "vm.swappiness=1", IMAGE, "true"))
                .contains("vm.swappiness");
    }

    /// The container whose namespace is joined may have the host's.
    @Test
    void setNothingOfTheHosts() throws IOException {
        String name = "net.ipv4.ip_forward";
        String same = Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip();
        String other = background("sleep 1000", "--network", "host");

        assertThat(fails(125, runWords("true", "--network", "container:" + other, "--sysctl", name + "=" + same)))
                .contains("sysctl \"" + name + "\" not allowed in host network namespace");
        assertThat(fails(125, runWords("true", "--uts", "host", "--hostname", "box")))
                .contains("conflicting options: hostname and the UTS mode");
    }

    @Test
    void conflictWithTheNetworkOfAnotherContainer() throws IOException {
        String network = "container:" + background("sleep 1000");
        for (List<String> asked : List.of(
                List.of("--hostname", "box", "hostname and the network mode"),
                List.of("--add-host", "a:1.2.3.4", "custom host-to-IP mapping and the network mode"),
                List.of("--dns", "1.2.3.4", "dns and the network mode"),
                List.of("--expose", "80", "port exposing and the container type network mode"))) {
            assertThat(fails(125, runWords("true", "--network", network, asked.get(0), asked.get(1))))
                    .contains("conflicting options: " + asked.get(2));
        }
    }

    @Test
    void withAnInitZombiesAreReapedAndSignalsForwarded() throws IOException {
        String name =
                background("(sleep 0.01 &) ; trap 'exit 21' TERM; echo ready; while :; do sleep 0.05; done", "--init");
        awaitLog(name, "ready");
        Waiting.until(() -> !ok("exec", name, "ps", "-o", "stat,comm").contains("Z"), () -> "a zombie stays");
        ok("stop", name);
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(21);
    }

    private static String host(String namespace) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns", namespace)).toString();
    }
}
