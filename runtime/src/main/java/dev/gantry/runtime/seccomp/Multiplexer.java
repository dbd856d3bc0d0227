package dev.gantry.runtime.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A system call of 32-bit x86 whose first argument says which call is meant.
///
/// @param number on 32-bit x86
/// @param parts the calls that it makes
record Multiplexer(String call, int number, List<Part> parts) {
    /// `linux/net.h` and `linux/ipc.h` from 1 on; after the colon the number that the call has in `asm/unistd_32.h`
    /// besides, and a minus is a number without a call.
    static final List<Multiplexer> ALL = List.of(of("socketcall", 102, """
                    socket:359 bind:361 connect:362 listen:363 accept getsockname:367 getpeername:368 socketpair:360
                    send recv sendto:369 recvfrom:371 shutdown:373 setsockopt:366 getsockopt:365 sendmsg:370
                    recvmsg:372 accept4:364 recvmmsg:337 sendmmsg:345"""), of("ipc", 117, """
                    semop semget:393 semctl:394 semtimedop - - - - - - msgsnd:400 msgrcv:401 msgget:399 msgctl:402
                    - - - - - - shmat:397 shmdt:398 shmget:395 shmctl:396"""));

    /// One of the calls.
    ///
    /// @param selector the first argument
    /// @param direct its own number; empty if it can be made through the multiplexer only
    record Part(String call, int selector, OptionalInt direct) {}

    /// The number of a call besides the multiplexer's. libseccomp gives none for these.
    static OptionalInt direct(String call) {
        return ALL.stream()
                .flatMap(each -> each.parts().stream())
                .filter(part -> part.call().equals(call))
                .map(Part::direct)
                .flatMapToInt(OptionalInt::stream)
                .findFirst();
    }

    private static Multiplexer of(String call, int number, String table) {
        List<Part> parts = new ArrayList<>();
        int selector = 0;
        for (String entry : List.of(table.split("\\s+", -1))) {
            selector++;
            int colon = entry.indexOf(':');
            if (colon >= 0) {
                int direct = Integer.parseInt(entry.substring(colon + 1));
                parts.add(new Part(entry.substring(0, colon), selector, OptionalInt.of(direct)));
            } else if (!entry.equals("-")) {
                parts.add(new Part(entry, selector, OptionalInt.empty()));
            }
        }
        return new Multiplexer(call, number, List.copyOf(parts));
    }
}
