package dev.gantry.cli.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed template, ready to be executed any number of times.
public final class Template {
    private final String name;
    private final String source;
    private final Map<String, List<Node>> definitions;
    private final Map<String, Builtins.Function> functions;

    private Template(
            String name, String source, Map<String, List<Node>> definitions, Map<String, Builtins.Function> functions) {
        this.name = name;
        this.source = source;
        this.definitions = definitions;
        this.functions = functions;
    }

    /// Parses a template without a name, with Go's and Docker's functions.
    ///
    /// @throws TemplateException with Go's text
    public static Template parse(String source) throws TemplateException {
        Map<String, Builtins.Function> functions = Builtins.all();
        return new Template("", source, TemplateParser.parse("", source, functions.keySet()), functions);
    }

    /// The same template for the line of headings: functions that change a text leave it as it is.
    public Template forHeader() {
        Map<String, Builtins.Function> header = new HashMap<>(functions);
        header.putAll(Builtins.forHeader());
        return new Template(name, source, definitions, header);
    }

    /// The output for that data.
    ///
    /// @throws TemplateException with Go's text, where the template does not fit the data
    public String execute(@Nullable Object data) throws TemplateException {
        return new Executor(name, source, definitions, functions).run(data);
    }
}
