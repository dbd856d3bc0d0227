package dev.gantry.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// What the daemon does on a signal.
final class Signals {
    private Signals() {}

    /// Runs an action, on a thread of the JVM's, whenever this process gets the signal.
    ///
    /// By reflection: javac warns about every mention of sun.misc.Signal, and warnings are errors here. The module
    /// jdk.unsupported exports it for want of anything better (JEP 260).
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "hashCode" -> name.hashCode();
                case "equals" -> false;
                default -> "handler of SIG" + name;
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invocation);
            Object number = signal.getConstructor(String.class).newInstance(name);
            Object _ = signal.getMethod("handle", signal, handler).invoke(null, number, proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("handler for SIG" + name, e);
        }
    }
}
