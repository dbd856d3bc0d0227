package dev.gantry.runtime.shim;

import dev.gantry.kernel.OwnedFd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Descriptors by the names that a launch plan knows them by, until the program has them.
public final class Handover implements AutoCloseable {
    private final Map<String, OwnedFd> named = new HashMap<>();
    private final List<OwnedFd> owned = new ArrayList<>();
    private final List<OwnedFd> lent = new ArrayList<>();

    /// A descriptor that is closed here once it has been handed over.
    public OwnedFd give(String name, OwnedFd fd) {
        owned.add(fd);
        named.put(name, fd);
        return fd;
    }

    /// A descriptor that the program does not get, closed here with those that it does.
    public OwnedFd keep(OwnedFd fd) {
        owned.add(fd);
        return fd;
    }

    /// A descriptor that stays open here, unless the start fails.
    public OwnedFd lend(String name, OwnedFd fd) {
        lent.add(fd);
        named.put(name, fd);
        return fd;
    }

    /// A descriptor that belongs to somebody else.
    public void show(String name, OwnedFd fd) {
        named.put(name, fd);
    }

    /// A descriptor that was given, lent or shown.
    public OwnedFd get(String name) {
        OwnedFd fd = named.get(name);
        if (fd == null) {
            throw new IllegalStateException("descriptor \"" + name + "\" was not opened");
        }
        return fd;
    }

    /// Closes what was lent, when nobody will use it.
    public void takeBack() {
        lent.forEach(OwnedFd::close);
    }

    /// The descriptors in the order of the plan, all of which have been opened.
    List<OwnedFd> inOrder(List<String> names) {
        return names.stream().map(this::get).toList();
    }

    @Override
    public void close() {
        owned.forEach(OwnedFd::close);
    }
}
