package dev.gantry.e2e.api;

import dev.gantry.e2e.DaemonKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One block of `refusals.txt`: a request, and what each daemon answers.
///
/// @param json the body; null for none
/// @param because why the answers differ; null when they do not
record Refusal(
        String method,
        String path,
        @Nullable String json,
        Answer dockerd,
        Answer gantry,
        @Nullable String because) {
    /// A status and a message; an empty message stands for any, a final `…` for anything more.
    record Answer(int status, String message) {
        static Answer parse(String text) {
            String[] parts = text.split(" ", 2);
            return new Answer(Integer.parseInt(parts[0]), parts.length == 2 ? parts[1] : "");
        }

        boolean fits(int otherStatus, String other) {
            if (status != otherStatus) {
                return false;
            }
            return message.endsWith("…")
                    ? other.startsWith(message.substring(0, message.length() - 1))
                    : message.isEmpty() || message.equals(other);
        }
    }

    Answer of(DaemonKind daemon) {
        return switch (daemon) {
            case DOCKERD -> dockerd;
            case GANTRY -> gantry;
        };
    }

    static List<Refusal> all() {
        String table;
        try (InputStream file = Objects.requireNonNull(Refusal.class.getResourceAsStream("refusals.txt"))) {
            table = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Refusal> refusals = new ArrayList<>();
        for (String block : table.split("\n\n+", -1)) {
            List<String> lines = Arrays.stream(block.split("\n", -1))
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
            if (!lines.isEmpty()) {
                refusals.add(parse(lines));
            }
        }
        return refusals;
    }

    private static Refusal parse(List<String> lines) {
        String[] request = lines.getFirst().split(" ", 3);
        String path = request[1].startsWith("/v") && Character.isDigit(request[1].charAt(2))
                ? request[1]
                : "/v1.41" + request[1];
        Answer[] answers = new Answer[2];
        String because = null;
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("dockerd ")) {
                answers[0] = Answer.parse(line.substring("dockerd ".length()));
            } else if (line.startsWith("gantry ")) {
                answers[1] = Answer.parse(line.substring("gantry ".length()));
            } else if (line.startsWith("because ")) {
                because = line.substring("because ".length());
            } else {
                answers[0] = Answer.parse(line);
                answers[1] = answers[0];
            }
        }
        return new Refusal(
                request[0],
                path,
                request.length == 3 ? request[2] : null,
                Objects.requireNonNull(answers[0], lines.getFirst()),
                Objects.requireNonNull(answers[1], lines.getFirst()),
                because);
    }
}
