package dev.gantry.engine;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A request that cannot be done, and whose fault that is. Messages are Docker's where clients match on them.
public abstract sealed class EngineException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The request makes no sense as it stands (400).
    public static final class Invalid extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Invalid(String message) {
            super(message, null);
        }

        public Invalid(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Who asks is not known to whom it is about (401).
    public static final class Unauthorized extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Unauthorized(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// What the request names does not exist (404).
    public static final class NotFound extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message, null);
        }

        public NotFound(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The request clashes with the present state (409).
    public static final class Conflict extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Conflict(String message) {
            super(message, null);
        }
    }

    /// What was asked for is so already (304, without a body).
    public static final class NotModified extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public NotModified(String message) {
            super(message, null);
        }
    }

    /// The request is fine, the host or the engine is not (500).
    public static final class Failed extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Failed(String message) {
            super(message, null);
        }

        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Gantry does not do this, or not yet (501).
    public static final class Unsupported extends EngineException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Unsupported(String message) {
            super(message, null);
        }
    }
}
