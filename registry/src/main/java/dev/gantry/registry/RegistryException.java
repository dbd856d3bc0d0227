package dev.gantry.registry;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A registry, or the way to it, said no. The text is Docker's where Docker has one.
public abstract sealed class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    private RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Whether the same request may succeed a little later.
    public boolean isTemporary() {
        return false;
    }

    /// Who asks is not known: no credentials, or wrong ones.
    public static final class Unauthorized extends RegistryException {
        private static final long serialVersionUID = 1L;

        Unauthorized(String message) {
            super(message, null);
        }
    }

    /// Who asks is known and may not.
    public static final class Denied extends RegistryException {
        private static final long serialVersionUID = 1L;

        Denied(String message) {
            super(message, null);
        }
    }

    /// The repository, manifest, blob or upload does not exist.
    public static final class NotFound extends RegistryException {
        private static final long serialVersionUID = 1L;

        NotFound(String message) {
            super(message, null);
        }
    }

    /// The registry's limit on requests is reached.
    public static final class TooManyRequests extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final transient @Nullable Duration retryAfter;

        TooManyRequests(String message, @Nullable Duration retryAfter) {
            super(message, null);
            this.retryAfter = retryAfter;
        }

        /// When the registry wants to be asked again; null if it did not say.
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }

        @Override
        public boolean isTemporary() {
            return true;
        }
    }

    /// The registry refused or could not do what it was asked, for a reason without a type of its own.
    public static final class Refused extends RegistryException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(String message, int status) {
            super(message, null);
            this.status = status;
        }

        public int status() {
            return status;
        }

        @Override
        public boolean isTemporary() {
            return status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
        }
    }

    /// No answer: no such host, nobody listens, a connection that broke or stalled.
    public static final class Unreachable extends RegistryException {
        private static final long serialVersionUID = 1L;

        private final boolean temporary;

        Unreachable(String message, Throwable cause) {
            this(message, cause, true);
        }

        private Unreachable(String message, @Nullable Throwable cause, boolean temporary) {
            super(message, cause);
            this.temporary = temporary;
        }

        /// The same, for a host that has never been reached.
        Unreachable asFinal() {
            return new Unreachable(String.valueOf(getMessage()), this, false);
        }

        @Override
        public boolean isTemporary() {
            return temporary;
        }
    }

    /// No TLS connection that is worth its name.
    public static final class Untrusted extends RegistryException {
        private static final long serialVersionUID = 1L;

        Untrusted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The answer is not what it has to be: another digest or size, an ambiguous manifest, a protocol that was not
    /// kept.
    public static final class Corrupt extends RegistryException {
        private static final long serialVersionUID = 1L;

        Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
