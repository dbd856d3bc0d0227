package dev.gantry.cli.command;

import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.util.List;
import java.util.stream.Collectors;

/// The completion script for bash, made from the tables of commands.
public final class Completion {
    private static final String HEAD = """
            # bash completion for gantry, made by `gantry completion bash`

            __gantry_containers() {
                COMPREPLY=($(compgen -W "$(gantry ps --format '{{.Names}}' "$@" 2>/dev/null)" -- "$cur"))
            }

            __gantry_images() {
                COMPREPLY=($(compgen -W "$(gantry images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null)" -- "$cur"))
            }

            __gantry_volumes() {
                COMPREPLY=($(compgen -W "$(gantry volume ls -q 2>/dev/null)" -- "$cur"))
            }

            __gantry_words() {
                COMPREPLY=($(compgen -W "$*" -- "$cur"))
            }

            _gantry() {
                local cur=${COMP_WORDS[COMP_CWORD]} command='' word i
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    [[ $word == -* ]] && continue
                    case "$command/$word" in
            """;

    private Completion() {}

    /// The script.
    public static String bash(Catalogue catalogue) {
        StringBuilder out = new StringBuilder(HEAD);
        StringBuilder cases = new StringBuilder();
        cases.append(entry("", catalogue.globalFlags(), topWords(catalogue)));
        catalogue.all().forEach(command -> {
            out.append("            /")
                    .append(command.name())
                    .append(") command=")
                    .append(command.name())
                    .append(" ;;\n");
            cases.append(entry(command.name(), command.flags(), action(command)));
            for (Command child : command.children()) {
                String path = command.name() + "-" + child.name();
                out.append("            ").append(command.name()).append('/').append(child.name());
                out.append(") command=").append(path).append(" ;;\n");
                cases.append(entry(path, child.flags(), action(child)));
            }
        });
        out.append("        esac\n    done\n    case \"$command\" in\n").append(cases);
        return out.append("    esac\n}\n\ncomplete -o default -F _gantry gantry ./gantry\n")
                .toString();
    }

    private static String entry(String path, List<Flag> flags, String action) {
        String words = flags.stream()
                .filter(flag -> !flag.hidden())
                .map(flag -> "--" + flag.name() + (flag.kind() == Kind.BOOL ? "" : "="))
                .sorted()
                .collect(Collectors.joining(" "));
        return "        '" + path + "')\n"
                + "            if [[ $cur == -* ]]; then\n"
                + "                __gantry_words " + words + " --help\n"
                + "                [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
                + "            else\n"
                + "                " + action + "\n"
                + "            fi\n"
                + "            ;;\n";
    }

    private static String topWords(Catalogue catalogue) {
        return "__gantry_words "
                + catalogue.all().map(Command::name).sorted().collect(Collectors.joining(" "))
                + " help";
    }

    private static String action(Command command) {
        if (command.isGroup()) {
            return "__gantry_words "
                    + command.children().stream().map(Command::name).sorted().collect(Collectors.joining(" "));
        }
        return switch (command.completes()) {
            case NOTHING, FILES -> ":";
            case CONTAINERS -> "__gantry_containers --all";
            case RUNNING -> "__gantry_containers";
            case STOPPED -> "__gantry_containers --all --filter status=exited --filter status=created";
            case IMAGES, IMAGE_THEN_COMMAND -> "__gantry_images";
            case VOLUMES -> "__gantry_volumes";
            case OBJECTS ->
                "__gantry_containers --all; local names=(\"${COMPREPLY[@]}\"); __gantry_images;"
                        + " COMPREPLY+=(\"${names[@]}\")";
        };
    }
}
