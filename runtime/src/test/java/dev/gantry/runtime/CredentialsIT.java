package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Users, groups and capabilities of a process are exactly those that its specification has.
///
/// CVE-2022-36109: no supplementary group of the daemon's or the image's, and none missing. CVE-2022-24769,
/// CVE-2022-29162: no inheritable capability, and no ambient one, that nobody asked for.
@Timeout(60)
class CredentialsIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
        host.executable("etc/group", "image:x:77:root,user\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    @SuppressWarnings("ImmutableEnumChecker") // the lists are immutable
    enum Bounds {
        DEFAULT(0xA80425FBL, null),
        ONE(0x400, List.of("CAP_NET_BIND_SERVICE")),
        NONE(0, List.of());

        private final long mask;
        private final List<String> names;

        Bounds(long mask, List<String> names) {
            this.mask = mask;
            this.names = names;
        }
    }

    record Variant(int uid, List<Integer> groups, Bounds bounds, boolean noNewPrivileges, boolean users) {
        Spec spec() throws Exception {
            Spec spec = TestHost.spec("grep", "-E", "^(Uid|Gid|Groups|Cap|NoNew)", "/proc/self/status");
            spec = TestHost.with(spec, "process.user", Map.of("uid", uid, "gid", uid + 1, "additionalGids", groups));
            spec = TestHost.with(spec, "process.noNewPrivileges", noNewPrivileges);
            if (bounds.names != null) {
                for (String set : List.of("bounding", "permitted", "effective")) {
                    spec = TestHost.with(spec, "process.capabilities." + set, bounds.names);
                }
            }
            return users ? TestHost.withUserNamespace(spec) : spec;
        }

        /// What has to be in its status; capabilities go with the change to another user than root: capabilities(7).
        List<String> lines() {
            String own = "%016x".formatted(uid == 0 ? bounds.mask : 0);
            return List.of(
                    "Uid:" + ("\t" + uid).repeat(4),
                    "Gid:" + ("\t" + (uid + 1)).repeat(4),
                    ("Groups:\t"
                                    + String.join(
                                            " ",
                                            groups.stream().map(String::valueOf).toList()))
                            .strip(),
                    "CapInh:\t0000000000000000",
                    "CapPrm:\t" + own,
                    "CapEff:\t" + own,
                    "CapBnd:\t%016x".formatted(bounds.mask),
                    "CapAmb:\t0000000000000000",
                    "NoNewPrivs:\t" + (noNewPrivileges ? 1 : 0));
        }
    }

    static Stream<Variant> variants() {
        List<Variant> all = new ArrayList<>();
        for (int uid : new int[] {0, 1000}) {
            for (List<Integer> groups : List.of(List.<Integer>of(), List.of(5, 1002))) {
                for (Bounds bounds : Bounds.values()) {
                    all.add(new Variant(uid, groups, bounds, groups.isEmpty(), false));
                    all.add(new Variant(uid, groups, bounds, !groups.isEmpty(), true));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void areThoseOfTheSpecification(Variant variant) throws Exception {
        Spec spec = variant.spec();

        assertThat(lines(host.run(spec))).containsExactlyElementsOf(variant.lines());

        RunningContainer container =
                variant.users ? host.start(TestHost.withUserNamespace(TestHost.spec("sleep", "1000"))) : host.idle();
        try {
            assertThat(lines(TestHost.exec(container, spec.process(), ""))).containsExactlyElementsOf(variant.lines());
        } finally {
            TestHost.remove(container);
        }
    }

    private static List<String> lines(TestHost.Ended ended) {
        return ended.output().lines().map(String::strip).toList();
    }
}
