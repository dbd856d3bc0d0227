package dev.gantry.e2e;

/// What a test runs with: a client bound to a daemon.
public record Setup(Client client, DaemonUnderTest daemon) {
    @Override
    public String toString() {
        return client.toString();
    }

    /// Whether the daemon is Gantry's.
    public boolean onGantry() {
        return daemon.kind() == DaemonKind.GANTRY;
    }
}
