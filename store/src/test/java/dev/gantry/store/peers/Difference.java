package dev.gantry.store.peers;

import java.util.List;
import java.util.regex.Pattern;

/// Every difference between what a container sees of layers that this store has unpacked and of the same layers
/// unpacked
/// by dockerd and by umoci, with its reason. docs/conformance.md has the same table.
@SuppressWarnings("ImmutableEnumChecker") // patterns are immutable, but not annotated
enum Difference {
    DUPLICATES(
            "of several entries with one name the last counts",
            "So it is in every tar archive. dockerd refuses the layer, because it could not write such an archive again.",
            dockerd(
                    "a (file|directory) twice|a (file|directory|symbolic link) for an? .*"
                            + "|a file for one of .*|a hard link that replaces a file",
                    "taken, dockerd refuses it")),
    LINK_TO_ITSELF(
            "a hard link to itself changes nothing",
            "GNU tar makes such entries of a file that is named twice. Both refuse the layer.",
            dockerd("a hard link to itself", "taken, dockerd refuses it"),
            umoci("a hard link to itself", "taken, umoci refuses it")),
    LINKS_OWN_ATTRIBUTES(
            "mode, owner and time of a hard link's entry count for the file",
            "So dockerd has it. umoci ignores them.",
            umoci("a hard link with .* of its own", "`[ah]`: (mode|owner|time) .*")),
    ROOT(
            "a layer's root has mode 755 and belongs to root, whatever its entry says",
            "So dockerd has it: an archive of a directory that only its maker may enter gives an image that everybody may"
                    + " use. umoci takes the entry's.",
            umoci("the root .*|a directory without a name|names with ./|an archive of .*", "`\\.`: (mode|owner) .*")),
    TIMES_OF_DIRECTORIES(
            "a directory whose time no entry tells is of 1970",
            "A layer that is unpacked again must be the same. dockerd gives it the time of unpacking, to a layer's root"
                    + " always; umoci does so where it removes something.",
            dockerd(".*", "`.*`: time [^,]*, dockerd now"),
            umoci(".*", "`.*`: time [^,]*, umoci now")),
    LEADING_OUT(
            "names and links with `..` that lead out of the layer are refused",
            "Nobody makes them by accident. dockerd and umoci cut them off at the root.",
            dockerd("a (name|hard link) that leads out", "refused, dockerd takes it"),
            umoci("a (name|hard link) that leads out", "refused, umoci takes it")),
    NO_NAME(
            "a file without a name is refused",
            "There is no such file. dockerd ignores it.",
            dockerd("a file without a name", "refused, dockerd takes it")),
    OWNERS(
            "owners beyond 32 bits are refused",
            "The kernel has no such users, and what is left of a number when it is cut off may be root"
                    + " (GHSA-265r-hfxg-fhmg). dockerd and umoci cut off.",
            dockerd("a negative owner|an owner beyond 32 bits", "refused, dockerd takes it"),
            umoci("a negative owner|an owner beyond 32 bits", "refused, umoci takes it")),
    EARLY_TIMES(
            "times before 1970 are kept",
            "dockerd sets 1970-01-01.",
            dockerd("a negative time.*|an archive of .*", "`.*`: time -.*, dockerd 0")),
    EMPTY_ATTRIBUTES(
            "attributes with an empty value are set",
            "GNU tar writes them so. dockerd and umoci take it for the deletion of a PAX record.",
            dockerd("attributes", "`f`: user.empty 0x, dockerd none"),
            umoci("attributes", "`f`: user.empty 0x, umoci none")),
    LIBARCHIVES_ATTRIBUTES(
            "attributes in libarchive's records are set",
            "bsdtar writes these beside star's. dockerd and umoci do not know them.",
            dockerd("attributes of libarchive", "`f`: user.a b .*"),
            umoci("attributes of libarchive", "`f`: user.a b .*")),
    IMPOSSIBLE_ATTRIBUTES(
            "an attribute that the kernel does not take for a file of that type is left out",
            "As with dockerd. umoci refuses the layer.",
            umoci("a user attribute of a symbolic link", "taken, umoci refuses it")),
    HOLES(
            "holes of sparse files stay holes",
            "dockerd and umoci write zeros.",
            dockerd("a sparse file .*|an archive of .*", "`.*`: holes some, dockerd none"),
            umoci("a sparse file .*|an archive of .*", "`.*`: holes some, umoci none")),
    GNU_SPARSE(
            "sparse files in GNU's old format are unpacked",
            "GNU tar writes them. dockerd and umoci refuse the layer.",
            dockerd("an old sparse file", "taken, dockerd refuses it"),
            umoci("an old sparse file", "taken, umoci refuses it")),
    CONTIGUOUS(
            "contiguous files are files",
            "So POSIX has it. dockerd and umoci refuse the layer.",
            dockerd("a contiguous file", "taken, dockerd refuses it"),
            umoci("a contiguous file", "taken, umoci refuses it")),
    GLOBAL_HEADERS(
            "global PAX headers are skipped",
            "As by dockerd: `git archive` writes them. umoci refuses the layer.",
            umoci("a .*global.*", "taken, umoci refuses it")),
    PARENTS(
            "a directory without an entry has mode 755 and belongs to root, though a lower layer has it",
            "Each layer is unpacked by itself, as by dockerd. umoci unpacks all into one tree.",
            umoci(
                    "a parent that a lower layer has|an opaque directory .*|.*whiteout.*",
                    "`d(/e)?`: (mode 755|owner 0:0|time 0), umoci .*")),
    LINKED_PARENTS(
            "a directory without an entry replaces a symbolic link of a lower layer",
            "As with dockerd, for the same reason. umoci follows the link.",
            umoci(".* through a symbolic link|.* is a symbolic link below", "`(s|s/g|d/g|d/a)`: .*"),
            umoci("a parent that is a file below", "taken, umoci refuses it")),
    LINKS_INTO_LOWER_LAYERS(
            "a hard link into a lower layer is refused",
            "As by dockerd. umoci unpacks all into one tree.",
            umoci("a hard link into a lower layer", "refused, umoci takes it")),
    DANGLING_PARENT(
            "an entry below a dangling symbolic link is refused",
            "As by dockerd. umoci makes the directory that the link means.",
            umoci("parents through a dangling .*", "refused, umoci takes it")),
    ZERO_DEVICE(
            "a character device 0:0 is a whiteout",
            "overlayfs has it so, with dockerd too.",
            umoci("a character device 0:0", "`f`: not there, umoci has it")),
    OPAQUE_ROOT(
            "an opaque root hides nothing",
            "overlayfs has it so, with dockerd too.",
            umoci("an opaque root", "`.*`: there, umoci lacks it")),
    WHITEOUT_IN_NEW_DIRECTORY(
            "a whiteout makes the directory that it is in",
            "As with dockerd. umoci does not.",
            umoci("a whiteout in a new directory", "`n`: there, umoci lacks it")),
    WHITEOUT_AND_FILE(
            "a whiteout never hides what its own layer brings, and comes twice without harm",
            "So the image specification has it. dockerd refuses the layer.",
            dockerd("a (file|directory) and then its whiteout|a whiteout twice", "taken, dockerd refuses it")),
    WHITEOUT_AND_DIRECTORY(
            "a whiteout and then a directory of that name hide what was in the directory",
            "So the image specification has it. dockerd shows it again.",
            dockerd("a whiteout and then its directory", "`d/lower`: not there, dockerd has it")),
    WHITEOUT_AND_WHAT_IS_BELOW(
            "a whiteout and then a file below it, without its directory, are refused",
            "As by dockerd.",
            umoci("a whiteout and then what is below it", "refused, umoci takes it")),
    OVERLAYS_ATTRIBUTES(
            "attributes of overlayfs itself are never set",
            "With them a layer could show files in places where no layer has them. dockerd sets them.",
            dockerd("overlay's own attributes", "`(d|e)/f`: .*"));

    private final String what;
    private final String reason;
    private final List<Line> lines;

    Difference(String what, String reason, Line... lines) {
        this.what = what;
        this.reason = reason;
        this.lines = List.of(lines);
    }

    private record Line(Peer peer, Pattern layers, Pattern difference) {}

    private static Line dockerd(String layers, String difference) {
        return new Line(Peer.DOCKERD, Pattern.compile(layers), Pattern.compile(difference));
    }

    private static Line umoci(String layers, String difference) {
        return new Line(Peer.UMOCI, Pattern.compile(layers), Pattern.compile(difference));
    }

    /// Whether these layers may show this difference.
    boolean explains(Peer peer, String layers, String difference) {
        return lines.stream()
                .anyMatch(each -> each.peer == peer
                        && each.layers.matcher(layers).matches()
                        && each.difference.matcher(difference).matches());
    }

    /// The row of docs/conformance.md.
    String row() {
        return "| " + what + " | " + reason + " |";
    }
}
