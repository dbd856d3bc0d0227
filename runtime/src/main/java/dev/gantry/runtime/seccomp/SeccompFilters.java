package dev.gantry.runtime.seccomp;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.seccomp.FilterRules;
import dev.gantry.kernel.seccomp.LibraryMissingException;
import dev.gantry.kernel.seccomp.SeccompLibrary;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.runtime.launch.ProcessPlan.Agent;
import dev.gantry.runtime.launch.ProcessPlan.Filter;
import dev.gantry.runtime.launch.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Compiles filters, and keeps the latest: a compilation takes tens of milliseconds, most containers have the same.
///
/// Thread-safe. libseccomp is loaded when the first filter is wanted.
public final class SeccompFilters {
    private static final System.Logger LOGGER = System.getLogger("dev.gantry.runtime");
    /// How many filters are kept: one for each set of capabilities with the default profile, and those of users.
    private static final int KEPT = 64;
    /// `BPF_MAXINSNS`, `linux/bpf_common.h`.
    private static final int MOST_INSTRUCTIONS = 4096;

    private final Map<Seccomp, Filter> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Seccomp, Filter> eldest) {
            return size() > KEPT;
        }
    };
    private @Nullable SeccompLibrary library;

    /// The compiled filter of a container.
    ///
    /// @throws RefusedException if the filter asks for what cannot be done, there is no libseccomp, or it refuses
    /// a rule
    public Filter compile(Seccomp seccomp) throws RefusedException {
        Filter filter = kept(seccomp);
        return filter == null ? compiledOnce(seccomp) : filter;
    }

    /// Compiles one that will probably be wanted, on a thread of its own.
    public void prepare(Supplier<Seccomp> seccomp) {
        Thread.ofPlatform().daemon().name("seccomp filter").start(() -> {
            try {
                compile(seccomp.get());
            } catch (RefusedException e) {
                // whoever wants it is told
                LOGGER.log(System.Logger.Level.DEBUG, "no filter ahead: {0}", e.getMessage());
            }
        });
    }

    /// One compilation at a time; meanwhile other threads find what is kept.
    private synchronized Filter compiledOnce(Seccomp seccomp) throws RefusedException {
        Filter filter = kept(seccomp);
        if (filter == null) {
            filter = compiled(seccomp);
            synchronized (kept) {
                kept.put(seccomp, filter);
            }
        }
        return filter;
    }

    private @Nullable Filter kept(Seccomp seccomp) {
        synchronized (kept) {
            return kept.get(seccomp);
        }
    }

    private Filter compiled(Seccomp seccomp) throws RefusedException {
        Agent agent = Notification.agent(seccomp);
        long flags = Flags.of(seccomp.flags(), agent != null);
        List<Instruction> program;
        try {
            program = program(seccomp);
        } catch (KernelException | LibraryMissingException e) {
            throw RuleTranslation.refused(String.valueOf(e.getMessage()));
        }
        if (program.size() > MOST_INSTRUCTIONS) {
            throw RuleTranslation.refused("seccomp filter has " + program.size()
                    + " instructions, the kernel takes at most " + MOST_INSTRUCTIONS);
        }
        return new Filter(Instruction.bytes(program), flags, agent);
    }

    private List<Instruction> program(Seccomp seccomp)
            throws RefusedException, KernelException, LibraryMissingException {
        if (library == null) {
            library = SeccompLibrary.load();
        }
        FilterRules rules = RuleTranslation.of(seccomp, library);
        List<Instruction> program = new ArrayList<>(Prologue.of(rules, library));
        program.addAll(Instruction.parse(library.compile(rules)));
        return RangeSearch.of(program);
    }
}
