package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A mount asked for with `--mount`.
///
/// @param type `bind`, `tmpfs`, `volume`, `image`, …
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.NON_DEFAULT)
public record Mount(
        @JsonInclude(Include.ALWAYS) String type,
        String source,
        @JsonInclude(Include.ALWAYS) String target,
        boolean readOnly,
        String consistency,
        @Nullable BindOptions bindOptions,
        @Nullable VolumeOptions volumeOptions,
        @Nullable TmpfsOptions tmpfsOptions) {
    public Mount {
        type = Copies.text(type);
        source = Copies.text(source);
        target = Copies.text(target);
        consistency = Copies.text(consistency);
    }

    /// Options of a bind mount.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.NON_DEFAULT)
    public record BindOptions(
            String propagation,
            boolean nonRecursive,
            boolean createMountpoint,
            boolean readOnlyNonRecursive,
            boolean readOnlyForceRecursive) {
        public BindOptions {
            propagation = Copies.text(propagation);
        }
    }

    /// Options of a volume.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.NON_DEFAULT)
    public record VolumeOptions(
            boolean noCopy,
            Map<String, String> labels,
            @Nullable DriverConfig driverConfig,
            String subpath) {
        public VolumeOptions {
            labels = Copies.map(labels);
            subpath = Copies.text(subpath);
        }
    }

    /// A volume's driver and what it is told.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.NON_DEFAULT)
    public record DriverConfig(String name, Map<String, String> options) {
        public DriverConfig {
            name = Copies.text(name);
            options = Copies.map(options);
        }
    }

    /// Options of a tmpfs.
    ///
    /// @param sizeBytes zero is unlimited
    /// @param mode permission bits; zero is 1777
    /// @param options flags as `[name]`, others as `[name, value]`
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.NON_DEFAULT)
    public record TmpfsOptions(long sizeBytes, int mode, List<List<String>> options) {
        public TmpfsOptions {
            options = Copies.list(options);
        }
    }
}
