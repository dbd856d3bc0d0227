package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/// A system-call filter as libseccomp understands it.
///
/// @param architectures names such as `SCMP_ARCH_X86_64`; empty is the native one alone
/// @param flags names such as `SECCOMP_FILTER_FLAG_LOG`
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Seccomp(
        Action defaultAction,
        @Nullable Integer defaultErrnoRet,
        List<String> architectures,
        List<String> flags,
        @Nullable String listenerPath,
        @Nullable String listenerMetadata,
        List<Syscall> syscalls) {
    public Seccomp {
        architectures = Lists.of(architectures);
        flags = Lists.of(flags);
        syscalls = Lists.of(syscalls);
    }

    /// A rule for system calls.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Syscall(
            List<String> names, Action action, @Nullable Integer errnoRet, List<Argument> args) {
        public Syscall {
            names = Lists.of(names);
            args = Lists.of(args);
        }
    }

    /// A condition on one argument.
    ///
    /// @param value unsigned; the mask with [Operator#SCMP_CMP_MASKED_EQ]
    /// @param valueTwo unsigned, may be left out; what the masked argument must equal
    public record Argument(
            int index,

            @JsonProperty("value")
            @JsonSerialize(using = Unsigned.Writer.class)
            @JsonDeserialize(using = Unsigned.Reader.class)
            long value,

            @JsonProperty("valueTwo")
            @JsonSerialize(using = Unsigned.Writer.class)
            @JsonDeserialize(using = Unsigned.OptionalReader.class)
            long valueTwo,

            Operator op) {}

    /// What happens to a call. The names are libseccomp's.
    public enum Action {
        SCMP_ACT_KILL,
        SCMP_ACT_KILL_PROCESS,
        SCMP_ACT_KILL_THREAD,
        SCMP_ACT_TRAP,
        SCMP_ACT_ERRNO,
        SCMP_ACT_TRACE,
        SCMP_ACT_ALLOW,
        SCMP_ACT_LOG,
        SCMP_ACT_NOTIFY
    }

    /// How an argument is compared. The names are libseccomp's.
    public enum Operator {
        SCMP_CMP_NE,
        SCMP_CMP_LT,
        SCMP_CMP_LE,
        SCMP_CMP_EQ,
        SCMP_CMP_GE,
        SCMP_CMP_GT,
        SCMP_CMP_MASKED_EQ
    }
}
