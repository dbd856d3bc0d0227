package dev.gantry.runtime.hook;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Spec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A container as the specification's `state` describes it.
///
/// @param bundle where its configuration lies
public record StateDocument(String id, Path bundle, Map<String, String> annotations) {
    public StateDocument {
        annotations = Map.copyOf(annotations);
    }

    /// The document.
    ///
    /// @param status `creating`, `created`, `running` or `stopped`
    /// @param pid of its process; 0 if there is none
    public byte[] json(String status, int pid) {
        return Json.write(properties(status, pid));
    }

    /// The same as properties of another document.
    public Map<String, Object> properties(String status, int pid) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("ociVersion", Spec.VERSION);
        state.put("id", id);
        state.put("status", status);
        if (pid != 0) {
            state.put("pid", pid);
        }
        state.put("bundle", bundle.toString());
        if (!annotations.isEmpty()) {
            state.put("annotations", annotations);
        }
        return state;
    }
}
