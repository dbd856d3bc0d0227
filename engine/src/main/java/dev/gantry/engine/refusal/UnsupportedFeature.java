package dev.gantry.engine.refusal;

import dev.gantry.engine.EngineException.Unsupported;

/// What clients may ask Docker for and Gantry does not do, with the words of the refusal: the only place that has them.
/// What is not done any more or is done at last leaves it, and with it the document and `info`.
///
/// docs/conformance.md has every feature; a test compares.
public enum UnsupportedFeature {
    PUBLISHED_PORTS(
            "run -p, -P",
            "published ports (-p, -P) are not supported by Gantry yet: containers have a loopback network or the host's"),
    LINKS("run --link, rm --link", "links are not supported by Gantry"),
    USER_NETWORKS(
            "run --network NAME",
            "user-defined networks are not supported by Gantry yet: use none, host or the default"),
    HOST_GATEWAY(
            "run --add-host NAME:host-gateway", "host-gateway needs a bridge network, which Gantry does not have yet"),
    VOLUMES_FROM("run --volumes-from", "volumes of other containers (--volumes-from) are not supported by Gantry yet"),
    MOUNT_TYPES("run --mount type=image, npipe, cluster", "mounts of type %s are not supported by Gantry"),
    DEVICE_REQUESTS("run --gpus", "device requests (--gpus) are not supported: Gantry has no device drivers"),
    STORAGE_OPTIONS("run --storage-opt", "--storage-opt is not supported by Gantry's overlay storage"),
    LOG_DRIVERS(
            "run --log-driver awslogs, etwlogs, fluentd, gcplogs, gelf, journald, splunk, syslog",
            "logging driver \"%s\" is not supported by Gantry: use json-file, local or none"),
    COMPRESSED_LOGS(
            "run --log-opt compress=true",
            "log opt compress=true is not supported by Gantry: rotated logs stay readable files"),
    CHECKPOINTS("start --checkpoint", "starting from a checkpoint is not supported"),
    WEBSOCKETS("attach over a websocket", "attaching over a websocket is not supported yet"),
    EXPLAINING_OTHERS(
            "explain with another --runtime",
            "runtime %s is another program, %s: only the system calls of Gantry's own runtime can be explained"),
    VOLUME_QUOTAS("volume create -o size=…", "create %s: quotas of volumes are not supported by Gantry"),
    VOLUME_TYPES(
            "volume create -o type=…",
            "create %s: volumes of type %s are not supported by Gantry: only type=none with o=bind and a directory is"),
    NETWORKS("network", "%s networks is not supported yet"),
    BUILD("build", "building images is not supported yet"),
    BUILDKIT("build with BuildKit", "building images with BuildKit is not supported yet"),
    IMPORT_OF_URLS("import URL", "importing from a URL is not supported: download %s and import the file"),
    PLUGINS("plugin", "installing plugins is not supported yet");

    private final String asked;
    private final String words;

    UnsupportedFeature(String asked, String words) {
        this.asked = asked;
        this.words = words;
    }

    /// How it is asked for, mostly with a command of Docker's.
    public String asked() {
        return asked;
    }

    /// What is said to whoever asks.
    ///
    /// @param values what has been asked for, if the words repeat it
    public Unsupported refused(Object... values) {
        return new Unsupported(words.formatted(values));
    }

    /// The words for no particular request.
    public String words() {
        return words.replace("%s", "…");
    }
}
