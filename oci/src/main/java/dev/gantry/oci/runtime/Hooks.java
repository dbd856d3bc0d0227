package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Programs that run at points of a container's life.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {
    public Hooks {
        prestart = Lists.of(prestart);
        createRuntime = Lists.of(createRuntime);
        createContainer = Lists.of(createContainer);
        startContainer = Lists.of(startContainer);
        poststart = Lists.of(poststart);
        poststop = Lists.of(poststop);
    }

    /// One program.
    ///
    /// @param timeout seconds
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Hook(
            String path,
            List<String> args,
            List<String> env,
            @Nullable Integer timeout) {
        public Hook {
            args = Lists.of(args);
            env = Lists.of(env);
        }
    }
}
