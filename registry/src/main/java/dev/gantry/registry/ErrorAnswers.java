package dev.gantry.registry;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Challenge;
import dev.gantry.registry.protocol.ErrorCode;
import dev.gantry.registry.protocol.ErrorDocument;
import dev.gantry.registry.protocol.Statuses;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the answer to a request that was refused into an exception, as Docker reads and words it.
final class ErrorAnswers {
    private static final int MAX_BODY = 64 << 10;

    private ErrorAnswers() {}

    /// @param pulled what somebody wants to have, which Docker then names; null for everything else
    static RegistryException of(Answer answer, @Nullable ImageReference pulled) {
        int status = answer.status();
        if (status < 400 || status >= 500) {
            return new RegistryException.Refused("received unexpected HTTP status: " + Statuses.text(status), status);
        }
        List<ErrorCode> errors = errors(answer);
        ErrorCode first = errors.getFirst();
        String text = pulled != null || errors.size() == 1
                ? first.text()
                : "errors:\n%s\n"
                        .formatted(String.join(
                                "\n", errors.stream().map(ErrorCode::text).toList()));
        if (status == 429 || first.code().equals("TOOMANYREQUESTS")) {
            return tooManyRequests(answer, text);
        }
        return switch (first.code()) {
            case "UNAUTHORIZED" -> new RegistryException.Unauthorized(text);
            case "DENIED" -> new RegistryException.Denied(pullOf(pulled, DENIED, false) + text);
            case "MANIFEST_UNKNOWN" ->
                new RegistryException.NotFound(pullOf(pulled, "manifest for %s not found: ", true) + text);
            case "NAME_UNKNOWN" ->
                new RegistryException.NotFound(pullOf(pulled, "repository %s not found: ", false) + text);
            case "BLOB_UNKNOWN", "BLOB_UPLOAD_UNKNOWN" -> new RegistryException.NotFound(text);
            default ->
                status == 404 ? new RegistryException.NotFound(text) : new RegistryException.Refused(text, status);
        };
    }

    private static final String DENIED =
            "pull access denied for %s, repository does not exist or may require 'docker login': ";

    private static String pullOf(@Nullable ImageReference pulled, String format, boolean whole) {
        return pulled == null ? "" : format.formatted(whole ? pulled.familiar() : pulled.familiarName());
    }

    private static List<ErrorCode> errors(Answer answer) {
        List<ErrorCode> errors = new ArrayList<>();
        for (Challenge challenge : Challenge.parse(answer.headerValues("WWW-Authenticate"))) {
            String error = challenge.parameters().getOrDefault("error", "");
            String description = challenge.parameter("error_description");
            if (challenge.scheme().equals("bearer") && error.equals("insufficient_scope")) {
                errors.add(ErrorCode.of("DENIED", description));
            } else if (challenge.scheme().equals("bearer") && error.equals("invalid_token")) {
                errors.add(ErrorCode.of("UNAUTHORIZED", description));
            }
        }
        errors.addAll(errorsInBody(answer));
        return errors;
    }

    private static List<ErrorCode> errorsInBody(Answer answer) {
        byte[] body = answer.start(MAX_BODY);
        String type = String.valueOf(answer.header("Content-Type"));
        if (type.startsWith("application/json") || type.startsWith("application/vnd.api+json")) {
            try {
                ErrorDocument document = Json.read(body, ErrorDocument.class);
                if (document.details() != null) {
                    return List.of(ErrorCode.ofStatus(answer.status(), document.details()));
                }
                if (!document.errors().isEmpty()) {
                    return document.errors().stream()
                            .map(error -> ErrorCode.of(String.valueOf(error.code()), error.message()))
                            .toList();
                }
            } catch (MalformedException _) {
                // taken for text below
            }
        }
        return List.of(ErrorCode.ofStatus(answer.status(), new String(body, StandardCharsets.UTF_8)));
    }

    /// With when to ask again, if the registry says that.
    static RegistryException tooManyRequests(Answer answer, String text) {
        Duration wait = retryAfter(answer.header("Retry-After"));
        return new RegistryException.TooManyRequests(
                wait == null ? text : "%s (retry after %d s)".formatted(text, wait.toSeconds()), wait);
    }

    private static @Nullable Duration retryAfter(@Nullable String value) {
        if (value == null || value.length() > 64) {
            return null;
        }
        try {
            if (value.chars().allMatch(Character::isDigit)) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            Duration wait = Duration.between(
                    ZonedDateTime.now(java.time.ZoneOffset.UTC),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException | NumberFormatException | ArithmeticException _) {
            return null;
        }
    }
}
