package dev.gantry.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.opentest4j.TestAbortedException;

/// Daemons that all test classes share, one of each kind, started when first asked for and closed when all tests have
/// run.
/// The property `e2e.daemons` names the ones to use (`gantry`, `dockerd`; default both), `e2e.clients` the clients.
final class Setups {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(Setups.class);

    private Setups() {}

    /// Each client on each daemon, but not Gantry's client on dockerd: that shows nothing that the others do not.
    static final class Every implements ArgumentsProvider {
        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            return pairs(context).map(Arguments::of);
        }
    }

    /// Each client on Gantry.
    static final class Gantry implements ArgumentsProvider {
        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            return pairs(context).filter(Setup::onGantry).map(Arguments::of);
        }
    }

    /// Gantry's daemon, once.
    static final class GantryDaemon implements ArgumentsProvider {
        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            return Stream.of(Arguments.of(setup(context, ClientKind.DOCKER, DaemonKind.GANTRY)));
        }
    }

    /// The stock client on each daemon.
    static final class Daemons implements ArgumentsProvider {
        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            return pairs(context)
                    .filter(setup -> setup.client().kind() == ClientKind.DOCKER)
                    .map(Arguments::of);
        }
    }

    private static Stream<Setup> pairs(ExtensionContext context) {
        return wantedDaemons().stream()
                .flatMap(daemon -> wantedClients().stream()
                        .filter(client -> daemon == DaemonKind.GANTRY || client == ClientKind.DOCKER)
                        .map(client -> setup(context, client, daemon)));
    }

    private static Setup setup(ExtensionContext context, ClientKind client, DaemonKind kind) {
        if (!client.installed()) {
            throw new TestAbortedException("the client " + client.program() + " is not installed");
        }
        DaemonUnderTest daemon = shared(context, kind).daemon();
        return new Setup(new Client(client, daemon), daemon);
    }

    /// The daemon of this kind; one that did not come up is not tried again.
    private static Shared shared(ExtensionContext context, DaemonKind kind) {
        return context.getRoot().getStore(STORE).computeIfAbsent(kind, Shared::start, Shared.class);
    }

    private static List<DaemonKind> wantedDaemons() {
        String wanted = System.getProperty("e2e.daemons", "dockerd,gantry");
        return Stream.of(wanted.split(","))
                .map(name -> DaemonKind.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }

    private static List<ClientKind> wantedClients() {
        String wanted = System.getProperty("e2e.clients", "docker,gantry");
        return Stream.of(wanted.split(","))
                .map(name -> ClientKind.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }

    private sealed interface Shared extends AutoCloseable {
        DaemonUnderTest daemon();

        @Override
        void close() throws IOException;

        static Shared start(DaemonKind kind) {
            if (!kind.installed()) {
                return new Missing(new TestAbortedException(kind + " is not installed"));
            }
            if (!BusyboxImage.installed()) {
                return new Missing(new TestAbortedException("busybox-static is not installed"));
            }
            try {
                DaemonUnderTest daemon = DaemonUnderTest.start(kind);
                importBusybox(daemon);
                return new Up(daemon);
            } catch (IOException e) {
                return new Missing(new UncheckedIOException(e));
            } catch (RuntimeException e) {
                return new Missing(e);
            }
        }

        private static void importBusybox(DaemonUnderTest daemon) throws IOException {
            Client client = new Client(ClientKind.DOCKER, daemon);
            Result imported = client.callWithInput(BusyboxImage.tar(), "import", "-", EndToEnd.IMAGE + ":latest");
            if (imported.exit() != 0) {
                String log = daemon.logTail();
                daemon.close();
                throw new IllegalStateException("no image: " + imported + "\n" + log);
            }
        }

        record Up(DaemonUnderTest daemon) implements Shared {
            @Override
            public void close() throws IOException {
                daemon.close();
            }
        }

        record Missing(RuntimeException reason) implements Shared {
            @Override
            public DaemonUnderTest daemon() {
                throw reason;
            }

            @Override
            public void close() {
                // there is nothing
            }
        }
    }
}
