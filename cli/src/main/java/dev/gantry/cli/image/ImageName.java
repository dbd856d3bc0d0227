package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.option.Arguments;

/// A reference as users write it, cut into what requests and messages want. Whether it is well formed is for the
/// daemon to say.
///
/// @param name without tag and digest
/// @param version the tag, or the digest with its algorithm; empty for neither
public record ImageName(String name, String version) {
    private static final String DEFAULT_DOMAIN = "docker.io";
    private static final String DEFAULT_TAG = "latest";

    /// Cuts a reference.
    public static ImageName of(String reference) {
        int at = reference.indexOf('@');
        String named = at < 0 ? reference : reference.substring(0, at);
        // the tag is behind the last colon, unless that colon belongs to a port
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        String name = tagged ? named.substring(0, colon) : named;
        if (at >= 0) {
            return new ImageName(name, reference.substring(at + 1));
        }
        return new ImageName(name, tagged ? named.substring(colon + 1) : "");
    }

    /// With `latest` where nothing is said.
    public ImageName withDefaultTag() {
        return version.isEmpty() ? new ImageName(name, DEFAULT_TAG) : this;
    }

    /// What a pull or a push with these flags is about: a whole repository, or one version, by default `latest`, which
    /// is
    /// said then.
    ///
    /// @throws CommandException for a whole repository of one version
    ImageName toTransfer(Session session, Arguments flags) throws CommandException {
        boolean all = flags.isSet("all-tags");
        if (all && !version.isEmpty()) {
            throw new CommandException("tag can't be used with --all-tags/-a");
        }
        if (!all && version.isEmpty() && !flags.isSet("quiet")) {
            session.out().println("Using default tag: latest");
            session.out().flush();
        }
        return all ? this : withDefaultTag();
    }

    /// The registry's name.
    public String domain() {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean isDomain = first.contains(".") || first.contains(":") || first.equals("localhost");
        return isDomain ? first : DEFAULT_DOMAIN;
    }

    /// With everything that a short name leaves out.
    public String canonical() {
        String domain = domain();
        String path = name.startsWith(domain + "/") ? name.substring(domain.length() + 1) : name;
        boolean official = domain.equals(DEFAULT_DOMAIN) && !path.contains("/");
        return domain + "/" + (official ? "library/" : "") + path + suffix();
    }

    /// As users write it.
    public String familiar() {
        return name + suffix();
    }

    private String suffix() {
        if (version.isEmpty()) {
            return "";
        }
        return (version.contains(":") ? "@" : ":") + version;
    }
}
