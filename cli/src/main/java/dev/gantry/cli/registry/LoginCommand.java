package dev.gantry.cli.registry;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Prompt;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.Credentials;
import dev.gantry.cli.configuration.Login;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Note;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `login`: has the daemon ask the registry whether it takes what the user says, and keeps it then.
final class LoginCommand {
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_ERROR = 2;
    private static final int UNAUTHORIZED = 401;

    private final Session session;
    private final String server;
    private final boolean hub;

    private LoginCommand(Session session, String operand) {
        this.session = session;
        this.hub = operand.isEmpty() || operand.equals("docker.io") || operand.equals(Credentials.DOCKER_HUB);
        this.server = hub ? Credentials.DOCKER_HUB : Credentials.hostname(operand);
    }

    static int run(Session session, Arguments flags) throws IOException {
        String password = password(session, flags);
        String user = flags.text("username");
        LoginCommand command = new LoginCommand(session, flags.operand(0));
        if (user.isEmpty() && password.isEmpty()) {
            Login known = command.known();
            if (!known.user().isEmpty() && !known.password().isEmpty() && command.logInAgain(known)) {
                return 0;
            }
            user = known.user();
            command.logIn("", "", user);
        } else {
            command.logIn(user.strip(), password, "");
        }
        return 0;
    }

    private static String password(Session session, Arguments flags) throws IOException {
        for (String name : List.of("username", "password")) {
            if (flags.has(name) && flags.text(name).isEmpty()) {
                throw new CommandException(name + " is empty");
            }
        }
        String password = flags.text("password");
        boolean fromInput = flags.isSet("password-stdin");
        if (!password.isEmpty() && fromInput) {
            throw new CommandException("conflicting options: cannot specify both --password and --password-stdin");
        }
        if (!password.isEmpty()) {
            session.err().println("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
        }
        if (!fromInput) {
            return password;
        }
        if (flags.text("username").isEmpty()) {
            throw new CommandException("the --password-stdin option requires --username to be set");
        }
        String input = new String(session.input().readAllBytes(), StandardCharsets.UTF_8);
        return input.replaceFirst("\\r?\\n$", "");
    }

    private Login known() {
        try {
            return Credentials.of(session, server).get(server);
        } catch (IOException _) {
            // who is unknown is asked
            return Login.anonymous(server);
        }
    }

    /// False if the registry does not take what it took once.
    private boolean logInAgain(Login known) throws IOException {
        session.err().print("Authenticating with existing credentials... [Username: " + known.user() + "]\n");
        session.err()
                .print(Note.of(
                        List.of("To login with a different account, run 'docker logout' followed by 'docker login'"),
                        Tty.isTerminal(STANDARD_ERROR)));
        session.err().print("\n\n");
        try {
            finish(known);
            return true;
        } catch (ApiException e) {
            session.err()
                    .println(
                            e.status() == UNAUTHORIZED
                                    ? "Stored credentials invalid or expired"
                                    : "Login did not succeed, error: " + e.getMessage());
            return false;
        }
    }

    private void logIn(String user, String password, String usual) throws IOException {
        boolean incomplete = user.isEmpty() || password.isEmpty();
        if (incomplete && !Tty.isTerminal(STANDARD_INPUT)) {
            throw new CommandException("Error: Cannot perform an interactive login from a non TTY device");
        }
        String name = user.isEmpty() ? askForName(usual) : user;
        String secret = password.isBlank() ? askForPassword() : password;
        finish(new Login(server, name, secret, ""));
    }

    private String askForName(String usual) throws IOException {
        if (hub) {
            session.out().println(HUB);
        }
        String given = Prompt.ask(session, usual.isEmpty() ? "Username: " : "Username (" + usual + "): ")
                .strip();
        if (given.isEmpty() && usual.isEmpty()) {
            throw new CommandException("Error: Non-null Username Required");
        }
        return given.isEmpty() ? usual : given;
    }

    private static final String HUB = """
        Log in with your Docker ID or email address to push and pull images from Docker Hub. \
        If you don't have a Docker ID, head over to https://hub.docker.com/ to create one.
        You can log in with your password or a Personal Access Token (PAT). \
        Using a limited-scope PAT grants better security and is required for organizations using SSO. \
        Learn more at https://docs.docker.com/go/access-tokens/
        """;

    private String askForPassword() throws IOException {
        if (hub) {
            boolean terminal = Tty.isTerminal(STANDARD_ERROR);
            String address = "https://app.docker.com/settings";
            session.err()
                    .print(Note.of(
                            List.of(
                                    "A Personal Access Token (PAT) can be used instead.",
                                    "To create a PAT, visit " + (terminal ? "\033[4m" + address + "\033[0m" : address),
                                    "",
                                    ""),
                            terminal));
        }
        String password = Prompt.askSecretly(session, "Password: ").strip();
        if (password.isEmpty()) {
            throw new CommandException("Error: Password Required");
        }
        return password;
    }

    private void finish(Login login) throws IOException {
        JsonValue answer = session.engine().post("/auth", new Query(), login.json());
        String token = answer.text("IdentityToken");
        Login kept = token.isEmpty() ? login : new Login(server, login.user(), "", token);
        try {
            Credentials.of(session, server).store(kept);
        } catch (IOException e) {
            throw new CommandException("Error saving credentials: " + e.getMessage());
        }
        session.out().println(answer.text("Status"));
    }
}
