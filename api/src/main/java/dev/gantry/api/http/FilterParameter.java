package dev.gantry.api.http;

import dev.gantry.engine.Filters;
import dev.gantry.oci.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The query parameter `filters`: `{"label": {"a=b": true}}`, or `{"label": ["a=b"]}` as clients before 1.22 and many
/// scripts write it.
public final class FilterParameter {
    private FilterParameter() {}

    /// The filters of a request; none when the parameter is absent or empty.
    ///
    /// @throws HttpFailure 400 when it is not of one of the two forms
    public static Filters of(Exchange exchange) {
        String text = exchange.query().text("filters");
        if (text.isEmpty()) {
            return Filters.NONE;
        }
        JsonNode tree;
        try {
            tree = Json.mapper().readTree(text);
        } catch (JacksonException e) {
            throw HttpFailure.badRequest("invalid filter: " + JsonProblems.ofText(e));
        }
        if (!tree.isObject()) {
            throw HttpFailure.badRequest("invalid filter: not a JSON object");
        }
        Map<String, Set<String>> filters = new LinkedHashMap<>();
        tree.properties().forEach(entry -> filters.put(entry.getKey(), alternatives(entry.getKey(), entry.getValue())));
        return new Filters(filters);
    }

    private static Set<String> alternatives(String name, JsonNode value) {
        Set<String> alternatives = new LinkedHashSet<>();
        if (value.isObject()) {
            value.properties().forEach(entry -> {
                if (entry.getValue().asBoolean(false)) {
                    alternatives.add(entry.getKey());
                }
            });
        } else if (value.isArray()) {
            for (JsonNode element : value) {
                if (!element.isString()) {
                    throw HttpFailure.badRequest("invalid filter " + Query.quote(name) + ": values are texts");
                }
                alternatives.add(element.stringValue());
            }
        } else {
            throw HttpFailure.badRequest("invalid filter " + Query.quote(name) + ": want an object or a list");
        }
        return alternatives;
    }
}
