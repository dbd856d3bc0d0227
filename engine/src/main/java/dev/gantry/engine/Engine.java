package dev.gantry.engine;

/// A container engine: the things that it does, each behind its own interface.
public interface Engine extends AutoCloseable {
    /// The containers' life cycle.
    Containers containers();

    /// Their files.
    FileAccess files();

    /// Further processes in running containers.
    Execs execs();

    /// Images on this host.
    Images images();

    /// What registries say and have.
    RemoteRegistries registries();

    /// Directories that outlive containers.
    Volumes volumes();

    /// What all of it takes on the disk.
    DiskUsage diskUsage();

    /// What has happened.
    Events events();

    /// The engine and its host.
    SystemInformation system();

    /// Whether all of it agrees.
    Consistency consistency();

    /// Stops every container as `docker stop` would, and lets go of the data root. Idempotent.
    @Override
    void close();
}
