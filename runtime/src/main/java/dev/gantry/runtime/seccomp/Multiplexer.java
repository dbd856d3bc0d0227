package dev.gantry.runtime.seccomp;

import java.util.List;

/// A system call of 32-bit x86 whose first argument says which call is meant.
///
/// @param number on 32-bit x86
/// @param calls the calls in the order of their numbers, from 1 on; an empty name is a number without a call
record Multiplexer(String call, int number, List<String> calls) {
    /// `linux/net.h` and `linux/ipc.h`.
    static final List<Multiplexer> ALL = List.of(
            new Multiplexer(
                    "socketcall",
                    102,
                    words("socket bind connect listen accept getsockname getpeername socketpair send recv sendto"
                            + " recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg")),
            new Multiplexer(
                    "ipc",
                    117,
                    words("semop semget semctl semtimedop       msgsnd msgrcv msgget msgctl       shmat shmdt shmget"
                            + " shmctl")));

    /// Two blanks with nothing between are an empty word.
    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }
}
