package dev.gantry.cli.image;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Command.Completes;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Confirmation;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.PlatformArgument;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.ImagePaths;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Pruned;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.system.InspectCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The table of commands about images.
public final class ImageCommands {
    /// Of several that a name has.
    static final Flag ONE_PLATFORM = Flag.of("platform", Kind.TEXT, "Platform of the image, such as \"linux/arm64\"");

    private ImageCommands() {}

    /// `images`, which is `image ls` in its group.
    public static Command list() {
        return Command.of(
                        "images",
                        "[OPTIONS] [REPOSITORY[:TAG]]",
                        "List images",
                        new Operands(0, 1),
                        ImageListCommand::run)
                .with(List.of(
                        Flag.of("all", "a", Kind.BOOL, "Show intermediate images, too"),
                        Flag.of("digests", Kind.BOOL, "Show digests"),
                        StandardFlags.filter("f"),
                        StandardFlags.tableFormat(),
                        Flag.of("no-trunc", Kind.BOOL, "Show everything in full length"),
                        Flag.of("quiet", "q", Kind.BOOL, "Show IDs alone"),
                        Flag.of("tree", Kind.BOOL, "Show the platforms of each image, and their sizes")))
                .completing(Completes.IMAGES)
                .alsoKnownAs("image ls", "image list", "images");
    }

    /// The commands that are also at the top.
    public static List<Command> others() {
        return Stream.concat(here().stream(), transfers().stream()).toList();
    }

    private static List<Command> here() {
        return List.of(
                Command.of(
                                "history",
                                "[OPTIONS] IMAGE",
                                "Show how an image was made",
                                Operands.exactly(1),
                                HistoryCommand::run)
                        .with(List.of(
                                StandardFlags.tableFormat(),
                                Flag.of("human", "H", Kind.BOOL, "Show sizes and times as people read them")
                                        .withDefault("true"),
                                Flag.of("no-trunc", Kind.BOOL, "Show everything in full length"),
                                ONE_PLATFORM,
                                Flag.of("quiet", "q", Kind.BOOL, "Show IDs alone")))
                        .completing(Completes.IMAGES)
                        .alsoKnownAs("image history", "history"),
                Command.of(
                                "import",
                                "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]",
                                "Make an image of a tar archive",
                                new Operands(1, 2),
                                ImportCommand::run)
                        .with(List.of(
                                Flag.of("change", "c", Kind.LIST, "Dockerfile instruction to apply to the image"),
                                Flag.of("message", "m", Kind.TEXT, "Comment of the image"),
                                Flag.of("platform", Kind.TEXT, "Platform of the image, such as \"linux/amd64\"")))
                        .completing(Completes.FILES)
                        .alsoKnownAs("image import", "import"),
                Command.of(
                                "rmi",
                                "[OPTIONS] IMAGE [IMAGE...]",
                                "Remove images",
                                Operands.atLeast(1),
                                ImageCommands::remove)
                        .with(List.of(
                                Flag.of("force", "f", Kind.BOOL, "Remove the image although containers use it"),
                                Flag.of("no-prune", Kind.BOOL, "Keep parents without a name"),
                                Flag.of(
                                        "platform",
                                        Kind.STRINGS,
                                        "Remove the image of this platform alone, such as \"linux/arm64\"")))
                        .completing(Completes.IMAGES)
                        .alsoKnownAs("image rm", "image remove", "rmi"),
                Command.of(
                                "tag",
                                "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
                                "Give an image a further name",
                                Operands.exactly(2),
                                ImageCommands::tag)
                        .completing(Completes.IMAGES)
                        .alsoKnownAs("image tag", "tag"));
    }

    /// Those that bring images here, or elsewhere.
    private static List<Command> transfers() {
        return List.of(
                Command.of(
                                "pull",
                                "[OPTIONS] NAME[:TAG|@DIGEST]",
                                "Fetch an image from a registry",
                                Operands.exactly(1),
                                PullCommand::run)
                        .with(List.of(
                                Flag.of("all-tags", "a", Kind.BOOL, "Fetch all tags of the repository"),
                                Flag.of("disable-content-trust", Kind.BOOL, "Has no effect: images are not signed here")
                                        .withDefault("true"),
                                Flag.of("platform", Kind.TEXT, "Platform of the image, such as \"linux/amd64\""),
                                Flag.of("quiet", "q", Kind.BOOL, "Show no progress")))
                        .alsoKnownAs("image pull", "pull"),
                Command.of(
                                "push",
                                "[OPTIONS] NAME[:TAG]",
                                "Send an image to a registry",
                                Operands.exactly(1),
                                PushCommand::run)
                        .with(List.of(
                                Flag.of("all-tags", "a", Kind.BOOL, "Send all tags that the repository has here"),
                                Flag.of("disable-content-trust", Kind.BOOL, "Has no effect: images are not signed here")
                                        .withDefault("true"),
                                Flag.of("platform", Kind.TEXT, "Platform that the image must have"),
                                Flag.of("quiet", "q", Kind.BOOL, "Show no progress")))
                        .completing(Completes.IMAGES)
                        .alsoKnownAs("image push", "push"),
                Command.of("load", "[OPTIONS]", "Take in the images of an archive", Operands.NONE, LoadCommand::run)
                        .with(List.of(
                                Flag.of("input", "i", Kind.TEXT, "Archive to read, in place of standard input"),
                                ONE_PLATFORM,
                                Flag.of("quiet", "q", Kind.BOOL, "Show no progress")))
                        .completing(Completes.FILES)
                        .alsoKnownAs("image load", "load"),
                Command.of(
                                "save",
                                "[OPTIONS] IMAGE [IMAGE...]",
                                "Write images into an archive",
                                Operands.atLeast(1),
                                SaveCommand::run)
                        .with(List.of(
                                Flag.of("output", "o", Kind.TEXT, "File to write, in place of standard output"),
                                ONE_PLATFORM))
                        .completing(Completes.IMAGES)
                        .alsoKnownAs("image save", "save"));
    }

    /// The group `image`.
    public static Command group() {
        List<Command> children = new ArrayList<>();
        for (Command command : others()) {
            children.add(command.name().equals("rmi") ? command.as("rm", "remove") : command);
        }
        children.add(list().as("ls", "list"));
        children.add(Command.of(
                        "inspect",
                        "[OPTIONS] IMAGE [IMAGE...]",
                        "Show everything about images",
                        Operands.atLeast(1),
                        InspectCommand::image)
                .with(List.of(StandardFlags.inspectFormat(), ONE_PLATFORM))
                .completing(Completes.IMAGES));
        children.add(Command.of("prune", "[OPTIONS]", "Remove unused images", Operands.NONE, ImageCommands::prune)
                .with(List.of(
                        Flag.of("all", "a", Kind.BOOL, "Remove all images that no container uses"),
                        StandardFlags.filter(""),
                        StandardFlags.force())));
        return Command.group("image", "Manage images", children);
    }

    private static int remove(Session session, Arguments flags) throws IOException {
        Query query = new Query().withFlag("force", flags.isSet("force")).withFlag("noprune", flags.isSet("no-prune"));
        for (String platform : flags.list("platform")) {
            query.with("platforms", PlatformArgument.json(platform));
        }
        List<String> problems = new ArrayList<>();
        boolean failed = false;
        for (String image : flags.operands()) {
            try {
                session.engine().delete(ImagePaths.of(image), query).items().forEach(step -> print(session, step));
            } catch (ApiException e) {
                problems.add(String.valueOf(e.getMessage()));
                failed |= !flags.isSet("force") || !e.isNotFound();
            }
        }
        problems.forEach(session.err()::println);
        return failed ? 1 : 0;
    }

    private static void print(Session session, JsonValue step) {
        String deleted = step.text("Deleted");
        session.out().println(deleted.isEmpty() ? "Untagged: " + step.text("Untagged") : "Deleted: " + deleted);
    }

    private static int tag(Session session, Arguments flags) throws IOException {
        ImageName target = ImageName.of(flags.operand(1)).withDefaultTag();
        if (target.version().contains(":")) {
            throw new CommandException("refusing to create a tag with a digest reference");
        }
        Query query = new Query().with("repo", target.name()).withText("tag", target.version());
        session.engine().post(ImagePaths.of(flags.operand(0), "tag"), query, null);
        return 0;
    }

    private static int prune(Session session, Arguments flags) throws IOException {
        boolean all = flags.isSet("all");
        String what = all ? "all images without at least one container associated to them." : "all dangling images.";
        if (!flags.isSet("force")
                && !Confirmation.ask(
                        session, "WARNING! This will remove " + what + "\nAre you sure you want to continue?")) {
            return 0;
        }
        prune(session, all, flags.list("filter")).print(session);
        return 0;
    }

    /// Removes images that no container uses.
    ///
    /// @param all also those that have a name
    public static Pruned prune(Session session, boolean all, List<String> filters) throws IOException {
        List<String> every = new ArrayList<>(filters);
        every.add("dangling=" + !all);
        JsonValue pruned = session.engine().post("/images/prune", new Query().withFilters(every), null);
        List<String> lines = pruned.items("ImagesDeleted").stream()
                .map(step -> {
                    String id = step.text("Deleted");
                    return id.isEmpty() ? "untagged: " + step.text("Untagged") : "deleted: " + id;
                })
                .toList();
        return Pruned.of("Deleted Images:", lines, pruned);
    }
}
