package dev.gantry.store.files;

/// What has become of a file.
public enum ChangeKind {
    MODIFIED,
    ADDED,
    DELETED
}
