package dev.gantry.kernel;

/// A name in an open directory.
///
/// @param directory closed with this
/// @param name one component, neither `.` nor `..`
/// @param subject the path as the caller gave it, for exceptions
record Place(OwnedFd directory, String name, String subject) implements AutoCloseable {

    @Override
    public void close() {
        directory.close();
    }
}
