package dev.gantry.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an image runs on, with the names of Go's `GOOS` and `GOARCH` (OCI image index, "platform").
public record Platform(
        String architecture,
        String os,
        @JsonProperty("os.version") @Nullable String osVersion,

        @JsonProperty("os.features") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> osFeatures,

        @Nullable String variant) {
    private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /// Systems that may stand alone, other than the host's.
    private static final Set<String> SYSTEMS =
            Set.of("aix", "android", "darwin", "dragonfly", "freebsd", "netbsd", "openbsd", "solaris", "windows");

    public Platform {
        osFeatures = Absent.toEmpty(osFeatures);
    }

    public static Platform of(String os, String architecture, @Nullable String variant) {
        return new Platform(architecture, os, null, List.of(), variant);
    }

    /// Linux on the processor this JVM runs on.
    public static Platform host() {
        return normalise("linux", System.getProperty("os.arch", "amd64"), null);
    }

    /// Parses `os[/architecture[/variant]]` or a system or an architecture alone; what is missing is the host's.
    ///
    /// @throws MalformedException if a component has other characters than letters, digits, `_`, `.` and `-`
    public static Platform parse(String text) throws MalformedException {
        String[] parts = text.split("/", -1);
        for (String part : parts) {
            if (parts.length > 3 || !COMPONENT.matcher(part).matches()) {
                throw new MalformedException(
                        "\"%s\" is an invalid component of the platform \"%s\", want os[/architecture[/variant]]"
                                .formatted(part, text));
            }
        }
        if (parts.length == 1) {
            return parts[0].equalsIgnoreCase("linux") ? host() : single(parts[0]);
        }
        return normalise(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
    }

    private static Platform single(String text) throws MalformedException {
        String name = text.toLowerCase(Locale.ROOT);
        if (SYSTEMS.contains(name)) {
            return of(name, host().architecture, null);
        }
        Platform asArchitecture = normalise("linux", text, null);
        return switch (asArchitecture.architecture) {
            case "amd64", "386", "arm", "arm64", "ppc64le", "s390x", "riscv64", "mips64le", "loong64" -> asArchitecture;
            default -> throw new MalformedException("\"%s\": unknown operating system or architecture".formatted(text));
        };
    }

    /// The same platform with the canonical names: `x86_64` is `amd64`, `aarch64` is `arm64`, `armhf` is `arm/v7`;
    /// the variants `arm64/v8` and `amd64/v1` are the plain architecture.
    public Platform normalised() {
        Platform plain = normalise(os, architecture, variant);
        return new Platform(plain.architecture, plain.os, osVersion, osFeatures, plain.variant);
    }

    private static Platform normalise(String os, String architecture, @Nullable String variant) {
        String system = os.toLowerCase(Locale.ROOT);
        String machine = architecture.toLowerCase(Locale.ROOT);
        String version = variant == null || variant.isEmpty() ? null : variant.toLowerCase(Locale.ROOT);
        return switch (machine) {
            case "i386", "i486", "i586", "i686" -> of(system, "386", null);
            case "x86_64", "x86-64", "amd64" -> of(system, "amd64", "v1".equals(version) ? null : version);
            case "aarch64", "arm64" ->
                of(system, "arm64", "8".equals(version) || "v8".equals(version) ? null : version);
            case "armhf" -> of(system, "arm", "v7");
            case "armel" -> of(system, "arm", "v6");
            case "arm" -> of(system, "arm", armVariant(version));
            default -> of(system, machine, version);
        };
    }

    private static String armVariant(@Nullable String version) {
        if (version == null) {
            return "v7";
        }
        return version.startsWith("v") ? version : "v" + version;
    }

    /// Whether an image made for `other` runs here: the same system, architecture and variant after normalisation.
    public boolean matches(Platform other) {
        Platform mine = normalised();
        Platform theirs = other.normalised();
        return mine.os.equals(theirs.os)
                && mine.architecture.equals(theirs.architecture)
                && Objects.equals(mine.variant, theirs.variant);
    }

    /// `os/architecture[/variant]`
    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null ? "" : "/" + variant);
    }
}
