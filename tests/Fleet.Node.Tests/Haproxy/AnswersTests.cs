using System.Collections.Immutable;
using System.Net;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>What HAProxy 2.6 says, read; each as it was seen.</summary>
public sealed class AnswersTests
{
    [Fact]
    public void Counters_are_read_by_their_names()
    {
        var vips = VipTable.TryRead(
            """
            # table: fleet-vips, type: ipv6, size:102400, used:2
            0x56324f16bf80: key=::ffff:127.91.80.1 use=1 exp=0 conn_cnt=7 conn_cur=1 http_req_cnt=10 http_err_cnt=0 bytes_in_cnt=410 bytes_out_cnt=520
            0x56324f16bf81: key=2001:db8::1 use=0 exp=0 bytes_in_cnt=1 newer_thing=9

            """)!;
        vips.Count.ShouldBe(2);
        vips[VipAddress.Parse("127.91.80.1")].ShouldBe(new VipCounters(410, 520, 7, 10, 1));
        vips[VipAddress.Parse("2001:db8::1")].ShouldBe(new VipCounters(1, 0, 0, 0, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x1: key= use=\n= = =\nkey=1.2.3\nkey=nonsense conn_cnt=-1")]
    [InlineData("0x1: use=0 conn_cnt=18446744073709551616")]
    public void Nonsense_has_no_counters(string rows) => VipTable.TryRead("# table: fleet-vips\n" + rows)!.ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("Can't find the target PID matching the prefix '@!77'.\n")]
    public void What_is_no_table_says_nothing_about_counters(string answer) => VipTable.TryRead(answer).ShouldBeNull();

    [Fact]
    public void Numbers_that_make_no_sense_count_nothing() =>
        VipTable.TryRead("# table: x\n0x1: key=10.0.0.1 conn_cnt=-5 conn_cur=99999999999 bytes_in_cnt=18446744073709551616")!.Values.Single()
            .ShouldBe(new VipCounters(0, 0, 0, 0, int.MaxValue));

    [Fact]
    public void Columns_of_the_statistics_are_found_by_their_names()
    {
        const string Answer =
            "# pxname,svname,newest,scur,stot,bin,bout,econ,eresp,status,lbtot,type,hrsp_5xx,req_tot,ctime,rtime,ttime,ttime_max,desc,\n"
            + "http-1,FRONTEND,,3,4,5,6,,,OPEN,,0,0,7,,,,,,\n"
            + "http-1,s1,\"a,\"\"b\",1,12,100,200,2,3,no check,9,2,4,0,5,6,7,8,x,\n"
            + "http-1,s2,,0,0,0,0,0,0,MAINT,0,2,0,0,0,0,0,0,,\n"
            + "http-1,broken,1\n"
            + "http-1,BACKEND,,0,0,0,0,0,0,UP,0,1,0,0,0,0,0,0,,\n";
        var servers = StatTable.TryRead(Answer)!.Servers();
        servers.Keys.ShouldBe([("http-1", "s1"), ("http-1", "s2")]);
        servers[("http-1", "s1")].ShouldBe(new ServerCounters
        {
            BytesIn = 100,
            BytesOut = 200,
            Connections = 12,
            Active = 1,
            Requests = 9,
            ConnectErrors = 2,
            ResponseErrors = 3,
            Answers5xx = 4,
            ConnectMs = 5,
            ResponseMs = 6,
            TotalMs = 7,
            TotalMsMax = 8,
            Takes = true,
        });
        servers[("http-1", "s2")].Takes.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("No such proxy.\n")]
    public void Statistics_without_a_header_are_none(string answer) => StatTable.TryRead(answer).ShouldBeNull();

    [Fact]
    public void Master_says_which_processes_there_are()
    {
        var table = ProcessTable.TryRead(
            """
            #<PID>          <type>          <reloads>       <uptime>        <version>
            8723            master          3 [failed: 1]   0d00h00m02s     2.6.12-1+deb12u4
            # workers
            8923            worker          1               0d00h00m31s     2.6.12-1+deb12u4
            # old workers
            8726            worker          2               0d00h01m15s     2.6.12-1+deb12u4
            8727            worker          3               0d00h01m15s     2.6.12-1+deb12u4
            # programs

            """)!;
        (table.Master, table.Worker, table.Reloads, table.FailedReloads).ShouldBe((8723, 8923, 3, 1));
        table.OldWorkers.ShouldBe([8726, 8727]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8923 worker 1")]
    [InlineData("99999999999999 master 1 [failed: 0]")]
    public void No_master_is_none(string answer) => ProcessTable.TryRead(answer).ShouldBeNull();

    [Fact]
    public void Clients_of_busy_connections_are_those_with_a_session() =>
        SessionTable.TryClients(
            """
            0x56324f03ddb0: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0 age=0s
            0x56324f03ddb1: proto=tcpv4 src=127.0.0.1:43210 fe=http-80 be=http-1 srv=s1 ts=00
            0x56324f03ddb2: proto=tcpv6 src=2001:db8::7:443 fe=http-80 be=http-1 srv=s1 ts=00
            0x56324f03ddb3: proto=tcpv6 src=::ffff:10.0.0.1:80 fe=http-80
            0x56324f03ddb4: proto=tcpv4 src=nonsense src= fe=http-80

            """)!.ShouldBe(
                [IPEndPoint.Parse("127.0.0.1:43210"), IPEndPoint.Parse("[2001:db8::7]:443"), IPEndPoint.Parse("10.0.0.1:80")], ignoreOrder: true);

    [Theory]
    [InlineData("")]
    [InlineData("Can't find the target PID matching the prefix '@!77'.\n")]
    [InlineData("0x56324f03ddb1: proto=tcpv4 src=127.0.0.1:43210 fe=http-80 be=http-1 srv=s1 ts=00\n")]
    public void List_without_whoever_asked_for_it_says_nothing_about_who_is_busy(string answer) => SessionTable.TryClients(answer).ShouldBeNull();

    [Theory]
    [InlineData("Name: HAProxy\nPid: 9009\nUptime: 0d\n", 9009)]
    [InlineData("Pid: x\n", null)]
    [InlineData("", null)]
    public void Process_says_who_it_is(string answer, int? pid) => ProcessInfo.Pid(answer).ShouldBe(pid);

    [Theory]
    [InlineData("type=str, case=sensitive, found=yes, idx=tree, key=\"carried\", value=\"5-abc\", type=\"str\"\n", "5-abc")]
    [InlineData("type=str, case=sensitive, found=no\n", null)]
    [InlineData("Unknown map identifier. Please use #<id> or <file>.\n", null)]
    public void Entry_of_a_map(string answer, string? value) => MapEntry.Value(answer).ShouldBe(value);

    [Fact]
    public void Alerts_of_the_log_are_why()
    {
        HaproxyLog.Alerts(
            "[NOTICE]   (16484) : haproxy version is 2.6.12\n[ALERT]    (16484) : config : parsing [a.cfg:3] : 'stats socket' : missing port\n"
            + "[ALERT]    (16484) : config : Fatal errors found in configuration.\n").ShouldBe(
                "config : parsing [a.cfg:3] : 'stats socket' : missing port; config : Fatal errors found in configuration");
        HaproxyLog.Alerts("sh: 1: exec: haproxy: not found\n").ShouldBe("sh: 1: exec: haproxy: not found");
        HaproxyLog.Alerts("").ShouldBe("it said nothing");
        HaproxyLog.Alerts(new string('x', 600) + "\u001b[2J").Length.ShouldBeLessThanOrEqualTo(504);
        HaproxyLog.Alerts("a\u001b[2Jb").ShouldBe("a [2Jb");
    }

    [Fact]
    public void Counters_of_processes_that_have_ended_stay()
    {
        var vip = VipAddress.Parse("10.1.0.1");
        var ledger = new CounterLedger();
        ledger.Add(Read((1, new VipCounters(10, 20, 2, 3, 1))))[vip].ShouldBe(new VipCounters(10, 20, 2, 3, 1));
        ledger.Add(Read((1, new VipCounters(15, 25, 2, 4, 1)), (2, new VipCounters(1, 1, 1, 1, 1))))[vip].ShouldBe(new VipCounters(16, 26, 3, 5, 2));
        ledger.Add(Read((2, new VipCounters(2, 2, 1, 2, 1))))[vip].ShouldBe(new VipCounters(17, 27, 3, 6, 1), "one that was open has gone");
        ledger.Add(Read())[vip].ShouldBe(new VipCounters(17, 27, 3, 6, 0));
        ledger.Add(Read((3, new VipCounters(1, 0, 0, 0, 0))))[vip].ShouldBe(new VipCounters(18, 27, 3, 6, 0));

        ledger.Last(3)[vip].BytesIn.ShouldBe(1);
        ledger.Last(1).ShouldBeEmpty();

        Dictionary<int, ImmutableSortedDictionary<VipAddress, VipCounters>> Read(params (int Pid, VipCounters Counters)[] read) =>
            read.ToDictionary(r => r.Pid, r => ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(vip, r.Counters));
    }
}
