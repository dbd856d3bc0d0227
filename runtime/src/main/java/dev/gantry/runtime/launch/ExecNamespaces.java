package dev.gantry.runtime.launch;

import dev.gantry.runtime.idmap.IdMaps;

/// The namespaces that not all containers have, as far as an exec in one has to know them.
///
/// @param user a user namespace
/// @param time a time namespace
/// @param maps of the user namespace; none if they are not known
public record ExecNamespaces(boolean user, boolean time, IdMaps maps) {
    public static final ExecNamespaces USUAL = new ExecNamespaces(false, false, IdMaps.NONE);
}
