/// The page's style sheet.
enum HTMLStyle {
  static var text: String {
    "\n" + [HTMLPalette.rules, layout, chart, table, SVGStyle.embedded].joined(separator: "\n") + "\n"
  }

  private static let layout = """
    *{box-sizing:border-box}
    html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);
      font:15px/1.5 -apple-system,"Segoe UI","Helvetica Neue",Helvetica,Arial,"DejaVu Sans",sans-serif}
    svg text{font:inherit;fill:var(--ink)}
    h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
    h2{font-size:1.15rem;margin:0 0 .6rem}
    h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
    #ledger h3{margin-top:1.1rem}
    #ledger .scroll{max-width:60rem}
    summary{cursor:pointer}
    p{margin:.3rem 0}
    a{color:var(--link)}
    code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
    code{overflow-wrap:anywhere}
    :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
    .vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    .skip{position:absolute;left:.5rem;top:-4rem;z-index:9;padding:.5rem .8rem;background:var(--paper);border:1px solid var(--line)}
    .skip:focus{top:.5rem}
    .faint{color:var(--faint)}
    .good{color:var(--good)}
    .bad{color:var(--bad)}
    .crit{color:var(--critical)}
    .num{font-variant-numeric:tabular-nums}
    .bar-top{position:sticky;top:0;z-index:5;display:flex;gap:.4rem 1.1rem;align-items:center;flex-wrap:wrap;
      padding:.5rem 1.25rem;background:var(--panel);border-bottom:1px solid var(--line)}
    .brand{font-weight:700}
    .bar-top nav{display:flex;gap:1rem;flex:1;flex-wrap:wrap}
    .grow{flex:1}
    .bar-top nav a{text-decoration:none}
    .bar-top nav a:hover{text-decoration:underline}
    button,input{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--edge);border-radius:6px;padding:.25rem .65rem}
    button{cursor:pointer}
    button:hover:enabled{background:var(--lane)}
    button[aria-pressed=true]{background:var(--ink);color:var(--paper);border-color:var(--ink)}
    main{max-width:1320px;margin:0 auto;padding:1.1rem 1.25rem 4rem}
    main>section{margin-top:2rem}
    main>section:first-child{margin-top:0}
    .lead{display:flex;gap:.3rem 1rem;flex-wrap:wrap;align-items:baseline}
    .badge{display:inline-block;padding:.05rem .55rem;border-radius:1rem;border:1px solid;white-space:nowrap;font-size:.9em}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem;margin:1rem 0 0}
    .card{padding:.8rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:10px;min-width:0}
    .card h2{font-size:.85rem;font-weight:600;color:var(--faint);margin:0}
    .big{font-size:1.7rem;line-height:1.3;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    .card p{font-size:.92rem}
    .chain{overflow-wrap:anywhere}
    .chain a,.ids a{text-decoration:none;white-space:nowrap}
    .chain a:hover,.ids a:hover{text-decoration:underline}
    .meter{display:block;width:100%;height:10px;margin:.35rem 0}
    .meter rect{fill:var(--lane)}
    .meter .within{fill:var(--good)}
    .meter .above{fill:var(--bad)}
    .meter line{stroke:var(--ink);stroke-width:2}
    .problem{border:1px solid var(--line);border-left:4px solid var(--bad);border-radius:8px;padding:.7rem .9rem;margin:.6rem 0;min-width:0}
    .problem pre{margin:.5rem 0 0;padding:.6rem .7rem;background:var(--panel);border-radius:6px;overflow:auto;max-height:18rem;
      white-space:pre-wrap;overflow-wrap:anywhere}
    .scroll{overflow:auto;overscroll-behavior-x:contain}
    .facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
    .facts dt{color:var(--faint)}
    .facts dd{margin:0;overflow-wrap:anywhere}
    .graph-box{max-height:75vh;border:1px solid var(--line);border-radius:8px;padding:.5rem}
    .graph{display:block}
    .legend .graph{display:inline-block}
    .lazy{content-visibility:auto;contain-intrinsic-size:auto 600px}
    @media (max-width:640px){main{padding:1rem .8rem 3rem}.bar-top{padding:.45rem .8rem;position:static}
      .cards{grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem}.card{padding:.55rem .65rem}
      .card p{font-size:.85rem;line-height:1.4}.big{font-size:1.3rem}.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.4rem}}
    @media print{.bar-top,.tools,.skip{display:none}.scroll{overflow:visible;max-height:none}.lazy{content-visibility:visible}}
    """

  private static let chart = """
    .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0 0 .6rem;padding:0;list-style:none;font-size:.9rem}
    .legend svg{width:26px;height:18px;vertical-align:-4px;margin-right:.35rem}
    .tools{display:flex;gap:.45rem;flex-wrap:wrap;align-items:center;margin:0 0 .6rem}
    .tools[hidden]{display:none}
    .gantt{position:relative;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 .6rem}
    .slots{padding-top:24px;font-size:.85rem;color:var(--faint);font-variant-numeric:tabular-nums}
    .slots span{display:block;white-space:nowrap}
    .lane-26 span{height:26px;line-height:26px}
    .lane-14 span{height:14px;line-height:14px;font-size:11px}
    .chart{display:block;min-width:620px}
    .chart text{font-size:12px;fill:var(--faint);font-variant-numeric:tabular-nums}
    .chart .names text{fill:var(--on-bar);font-weight:600;pointer-events:none}
    .stripe{fill:var(--lane)}
    .tick{stroke:var(--line)}
    .s-prepare{fill:var(--prepare)}
    .s-launch{fill:var(--launch)}
    .s-work{fill:var(--work)}
    .s-collect{fill:var(--collect)}
    .s-verify{fill:var(--verify)}
    .s-merge{fill:var(--merge)}
    .s-rework{fill:none;stroke:var(--rework);stroke-width:1.5}
    .s-critical{fill:none;stroke:var(--critical);stroke-width:2.5}
    .chart path,.chart .picked{vector-effect:non-scaling-stroke}
    .picked{fill:none;stroke:var(--ink);stroke-width:2;stroke-dasharray:4 3;pointer-events:none}
    .tip{position:absolute;z-index:4;max-width:22rem;padding:.5rem .7rem;background:var(--paper);border:1px solid var(--edge);
      border-radius:8px;font-size:.88rem;pointer-events:none;box-shadow:0 3px 14px rgb(0 0 0/.2)}
    .tip[hidden]{display:none}
    .tip p{margin:0}
    .share{display:block;width:100%;min-width:60px;height:12px}
    .share rect{fill:var(--work)}
    .share .overhead{fill:var(--launch)}
    .share .idle{fill:var(--edge)}
    .share .verify{fill:var(--verify)}
    .share .rework{fill:var(--rework)}
    """

  private static let table = """
    table{border-collapse:collapse;width:100%;font-size:.92rem}
    th,td{text-align:left;padding:.32rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
    th.n,td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    tbody th{white-space:nowrap}
    td.t{overflow-wrap:anywhere}
    td.w{width:40%;vertical-align:middle}
    thead th{position:sticky;top:0;z-index:1;background:var(--panel);white-space:nowrap}
    tfoot th,tfoot td{border-top:2px solid var(--line);font-weight:600}
    .sort{all:unset;font-weight:600;color:var(--ink);cursor:pointer;padding:.1rem 0}
    .sort:disabled{cursor:default}
    .sort:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
    .sort::after{content:"↕";color:var(--faint);padding-left:.3em}
    .sort:disabled::after{content:""}
    [aria-sort=ascending] .sort::after{content:"▲";color:var(--ink)}
    [aria-sort=descending] .sort::after{content:"▼";color:var(--ink)}
    .rows{max-height:80vh;border:1px solid var(--line);border-radius:8px}
    .rows tbody tr:hover{background:var(--panel)}
    .rows tr:target,.rows tr.found{background:var(--active-fill)}
    .rows .why{color:var(--faint);font-size:.92em}
    .st{white-space:nowrap}
    .st.complete{color:var(--good)}
    .st.failed,.st.blocked,.st.cancelled{color:var(--bad)}
    .code{font:12.5px/1.8 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
    .rows table{table-layout:fixed;min-width:70rem}
    .runs table{table-layout:auto;min-width:42rem}
    .runs th.t{white-space:normal;overflow-wrap:anywhere;min-width:11rem}
    .runs code{display:block;font-weight:400;white-space:nowrap}
    .col-id{width:6rem}
    .col-title{width:auto}
    .col-state{width:7rem}
    .col-time{width:6rem}
    .col-count{width:6.8rem}
    .col-merge{width:6.5rem}
    """
}
