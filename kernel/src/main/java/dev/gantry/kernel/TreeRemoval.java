package dev.gantry.kernel;

import dev.gantry.kernel.Entries.Place;
import dev.gantry.kernel.ffi.Call;
import java.util.ArrayDeque;
import java.util.Deque;

/// Removes a tree, one open directory per level: neither a symlink nor another mount is ever entered, whoever
/// renames things meanwhile.
final class TreeRemoval {

    /// One descriptor per level; deeper trees end with ELOOP rather than exhausting descriptors.
    private static final int DEEPEST = 2048;

    /// A directory being emptied.
    private record Level(Place place, OwnedFd opened, Deque<String> names) implements AutoCloseable {
        @Override
        public void close() {
            opened.close();
            place.close();
        }
    }

    private TreeRemoval() {}

    static void remove(Place top) throws KernelException {
        Deque<Level> levels = new ArrayDeque<>();
        try {
            if (!removedOrEntered(top.directory(), top.name(), top.subject(), levels)) {
                return;
            }
            while (!levels.isEmpty()) {
                step(levels, top.subject());
            }
        } finally {
            levels.forEach(Level::close);
        }
    }

    private static void step(Deque<Level> levels, String subject) throws KernelException {
        Level level = levels.element();
        String name = level.names().poll();
        if (name == null) {
            levels.remove();
            try (level) {
                Entries.remove(level.place());
            }
            return;
        }
        if (levels.size() >= DEEPEST) {
            throw new KernelException("remove tree", subject, Errno.ELOOP, "deeper than " + DEEPEST + " directories");
        }
        try {
            boolean _ = removedOrEntered(level.opened(), name, subject + "/…/" + name, levels);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ENOENT)) {
                throw e;
            }
            // somebody else removed it
        }
    }

    /// Removes a name at once, or enters it if it is a directory that is not empty; true if entered.
    private static boolean removedOrEntered(OwnedFd parent, String name, String subject, Deque<Level> levels)
            throws KernelException {
        Place place = new Place(parent.duplicate(), name, subject);
        try {
            long result = Entries.tryRemove(place);
            if (!Kernel.failedWith(Errno.ENOTEMPTY, result) && !Kernel.failedWith(Errno.EEXIST, result)) {
                long _ = Kernel.check(Call.UNLINKAT.symbol(), subject, result);
                place.close();
                return false;
            }
            OwnedFd opened =
                    Resolution.inRootAndMount(parent, name, OpenMode.READ, OpenMode.DIRECTORY, OpenMode.NO_FOLLOW);
            Level level = new Level(place, opened, new ArrayDeque<>());
            levels.push(level); // from here on closed with the stack, whatever happens
            level.names().addAll(Entries.Listing.names(opened));
            return true;
        } catch (KernelException e) {
            place.close();
            throw e;
        }
    }
}
