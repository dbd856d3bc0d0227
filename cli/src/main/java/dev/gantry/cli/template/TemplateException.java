package dev.gantry.cli.template;

/// A template that does not parse or does not fit its data; the message is the one that Go's text/template gives.
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1;

    TemplateException(String message) {
        super(message);
    }
}
