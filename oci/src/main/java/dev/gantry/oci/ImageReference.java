package dev.gantry.oci;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image, fully qualified: `domain/path[:tag][@digest]`.
///
/// [#parse] follows the grammar of the distribution specification and Docker's normalisation: no domain means
/// `docker.io`, one path component there means `library/…`, `index.docker.io` is `docker.io`. [#familiar] is the way
/// back. Error texts are Docker's, because clients match on them.
///
/// @param domain a host name, IPv4 address or bracketed IPv6 address, with an optional port
/// @param path one or more lower-case components
public record ImageReference(
        String domain,
        String path,
        @Nullable String tag,
        @Nullable Digest digest) {
    /// The domain of names without one.
    public static final String DEFAULT_DOMAIN = "docker.io";

    /// The tag of names without tag and digest.
    public static final String DEFAULT_TAG = "latest";

    private static final String LEGACY_DOMAIN = "index.docker.io";
    private static final String OFFICIAL = "library/";
    private static final String INVALID = "invalid reference format";
    private static final int MAX_NAME = 255;
    private static final int MAX_TEXT = 1024;

    // possessive quantifiers: no backtracking, whatever the input
    private static final Pattern DOMAIN =
            Pattern.compile("(?:[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+(?:\\.[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+)*+"
                    + "|\\[[a-fA-F0-9:]++\\])(?::[0-9]++)?+");
    private static final Pattern PATH = Pattern.compile("[a-z0-9]++(?:(?:__|[._/]|-++)[a-z0-9]++)*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}+");

    /// @throws IllegalArgumentException if a part does not follow the grammar
    public ImageReference {
        if (!DOMAIN.matcher(domain).matches() || !PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(INVALID);
        }
        if (tag != null && !TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException(INVALID);
        }
        if (domain.length() + 1 + path.length() > MAX_NAME) {
            throw new IllegalArgumentException("repository name must not be more than 255 characters");
        }
    }

    /// Parses what a user types. Neither tag nor digest is added: see [#withDefaultTag].
    ///
    /// @throws MalformedException with Docker's text
    public static ImageReference parse(String text) throws MalformedException {
        if (text.length() > MAX_TEXT) {
            throw new MalformedException(INVALID);
        }
        if (Digest.isHexId(text)) {
            throw new MalformedException(
                    "invalid repository name (%s), cannot specify 64-byte hexadecimal strings".formatted(text));
        }
        int at = text.indexOf('@');
        Digest digest = at < 0 ? null : parseDigest(text.substring(at + 1));
        String name = at < 0 ? text : text.substring(0, at);
        int slash = name.indexOf('/');
        boolean qualified = slash >= 0 && isDomain(name.substring(0, slash));
        String domain = qualified ? name.substring(0, slash) : DEFAULT_DOMAIN;
        String rest = qualified ? name.substring(slash + 1) : name;
        int colon = rest.indexOf(':');
        String tag = colon < 0 ? null : rest.substring(colon + 1);
        String path = colon < 0 ? rest : rest.substring(0, colon);
        return normalise(domain, path, tag, digest);
    }

    // distribution/reference normalize.go, splitDockerDomain: a first component is a domain if it has a dot or
    // colon, is `localhost`, or has upper-case letters, which no path may have
    private static boolean isDomain(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    private static ImageReference normalise(String domain, String path, @Nullable String tag, @Nullable Digest digest)
            throws MalformedException {
        String host = domain.equals(LEGACY_DOMAIN) ? DEFAULT_DOMAIN : domain;
        String full = host.equals(DEFAULT_DOMAIN) && path.indexOf('/') < 0 ? OFFICIAL + path : path;
        if (!full.equals(full.toLowerCase(Locale.ROOT))) {
            throw new MalformedException("%s: repository name (%s) must be lowercase".formatted(INVALID, full));
        }
        try {
            return new ImageReference(host, full, tag, digest);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Digest parseDigest(String text) throws MalformedException {
        try {
            return Digest.parse(text);
        } catch (MalformedException e) {
            throw new MalformedException("%s: %s".formatted(INVALID, e.getMessage()), e);
        }
    }

    /// `domain/path`, the repository.
    public String name() {
        return domain + "/" + path;
    }

    /// The repository as users know it: `busybox`, `someone/thing`, `host:5000/thing`. What would mean something else
    /// when it is parsed keeps its domain: another registry, or an image's ID.
    public String familiarName() {
        if (!domain.equals(DEFAULT_DOMAIN)) {
            return name();
        }
        boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
        String familiar = official ? path.substring(OFFICIAL.length()) : path;
        int slash = familiar.indexOf('/');
        boolean misleading = slash < 0 ? Digest.isHexId(familiar) : isDomain(familiar.substring(0, slash));
        return misleading ? name() : familiar;
    }

    /// The whole reference as users know it: `busybox:latest`.
    public String familiar() {
        return familiarName() + suffix();
    }

    /// Adds `latest` if there is neither tag nor digest.
    public ImageReference withDefaultTag() {
        return tag == null && digest == null ? withTag(DEFAULT_TAG) : this;
    }

    /// The same repository with this tag and no digest.
    ///
    /// @throws IllegalArgumentException if the tag does not follow the grammar
    public ImageReference withTag(String newTag) {
        return new ImageReference(domain, path, newTag, null);
    }

    /// The same repository with this digest and no tag.
    public ImageReference withDigest(Digest newDigest) {
        return new ImageReference(domain, path, null, newDigest);
    }

    public boolean isSameRepository(ImageReference other) {
        return domain.equals(other.domain) && path.equals(other.path);
    }

    private String suffix() {
        return Objects.requireNonNullElse(tag == null ? null : ":" + tag, "") + (digest == null ? "" : "@" + digest);
    }

    /// The fully qualified form, which [#parse] accepts.
    @Override
    public String toString() {
        return name() + suffix();
    }
}
