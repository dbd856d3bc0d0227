package dev.gantry.cli.system;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.io.IOException;
import java.util.List;

/// `system check`: whether state, images, mounts, cgroups and processes agree.
final class CheckCommand {
    private static final int DISAGREES = 1;

    private CheckCommand() {}

    static Command command() {
        return Command.of(
                        "check",
                        "[OPTIONS]",
                        "Compare what the daemon keeps: state, images, mounts, cgroups and processes",
                        Operands.NONE,
                        CheckCommand::run)
                .with(List.of(
                        Flag.of("deep", Kind.BOOL, "Also read all content of images and compare it with its digests"),
                        Flag.of("json", Kind.BOOL, "Print JSON"),
                        Flag.of("repair", Kind.BOOL, "Mend what is proven to be orphaned or broken")));
    }

    private static int run(Session session, Arguments flags) throws IOException {
        Query query = new Query().withFlag("repair", flags.isSet("repair")).withFlag("deep", flags.isSet("deep"));
        JsonValue report = session.engine().post("/gantry/system/check", query, null);
        if (flags.isSet("json")) {
            session.out().println(JsonWriter.indented(report));
        } else {
            session.out().print(CheckReport.text(report));
        }
        return report.get("Agrees").isTrue() ? 0 : DISAGREES;
    }
}
